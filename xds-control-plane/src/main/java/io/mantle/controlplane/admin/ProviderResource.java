package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.Page;
import io.mantle.controlplane.database.ProviderRepository;
import io.mantle.controlplane.database.ProviderRepository.CredentialChange;
import io.mantle.controlplane.database.Secret;
import io.mantle.controlplane.identity.Role;
import io.mantle.controlplane.probe.ProviderProbe;
import io.mantle.controlplane.snapshot.InvalidTenantException;
import io.mantle.controlplane.snapshot.ProviderAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * {@code /tenants/{t}/providers}: {@code {name, kind, base_url, models, credential, ...}}. The
 * credential is written and never read: answers mask it. PUT without one keeps what is stored,
 * {@code null} removes it.
 *
 * <p>Security: a credential goes with the endpoint it was given for; another host or port needs it
 * anew, so that whoever may change a provider cannot have its credential sent to themselves. Places
 * that are not on the public Internet are for a platform admin to name, or to allow a public name
 * to lead to. One that does so unallowed is stored; neither the test of it nor a request goes
 * there.
 */
final class ProviderResource {
  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "kind",
          "base_url",
          "models",
          "credential",
          "accepts_stream_usage",
          "allow_private_addresses");
  static final List<String> KINDS = List.of("openai", "anthropic");
  private static final int MODELS_MAX = 10_000;
  private static final int BASE_URL_CHARS_MAX = 2_048;
  private static final int CREDENTIAL_CHARS_MAX = 8_192;

  private final ProviderRepository providers;
  private final ProviderProbe probe;
  private final Writes writes;

  ProviderResource(ProviderRepository providers, ProviderProbe probe, Writes writes) {
    this.providers = providers;
    this.probe = probe;
    this.writes = writes;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.PROVIDERS_LIST.route(), this::list);
    routes.post(
        Operation.PROVIDER_CREATE.route(),
        context -> writes.change(context, tenant -> create(context, tenant.id())));
    routes.get(Operation.PROVIDER_GET.route(), this::get);
    routes.put(
        Operation.PROVIDER_PUT.route(),
        context -> writes.change(context, tenant -> put(context, tenant.id())));
    routes.delete(
        Operation.PROVIDER_DELETE.route(),
        context -> writes.change(context, tenant -> delete(context, tenant.id())));
    routes.post(Operation.PROVIDER_TEST.route(), this::test);
    routes.post(
        Operation.PROVIDER_ROTATE.route(),
        context -> writes.change(context, tenant -> rotate(context, tenant.id())));
    routes.post(Operation.PROVIDER_COMPARE.route(), this::compare);
  }

  private void list(Context context) {
    Page page = Answer.pageOfIds(context);
    Answer.page(
            page,
            providers.list(context.pathParam("tenant"), page.andOneMore()),
            ProviderResource::json,
            provider -> provider.id().toString())
        .writeTo(context);
  }

  private Answer create(Context context, String tenant) {
    JsonBody body = JsonBody.read(context.body(), FIELDS);
    ProviderRepository.Provider provider = provider(UUID.randomUUID(), body, false);
    checkAddress(context, provider);
    checkAllowance(context, false, provider);
    CredentialChange credential = credential(body, Optional.empty());
    save(tenant, provider, credential);
    writes.record(context, tenant, "provider.create", provider.id());
    ObjectNode created = json(find(tenant, provider.id()));
    return Answer.created(created, created);
  }

  private void get(Context context) {
    ProviderRepository.Provider stored =
        find(context.pathParam("tenant"), Answer.idOf(context, "provider"));
    ObjectNode resource = json(stored);
    ObjectNode shown =
        resource
            .deepCopy()
            .put(
                "address_check",
                probe.checkAddress(stored.baseUrl(), stored.privateAllowed()).word());
    Answer.of(shown, resource).writeTo(context);
  }

  private Answer put(Context context, String tenant) {
    ProviderRepository.Provider stored = find(tenant, Answer.idOf(context, "provider"));
    Answer.checkIfMatch(context, json(stored));
    JsonBody body = JsonBody.read(context.body(), FIELDS);
    boolean same = isSameEndpoint(stored, body.text("base_url", 1, BASE_URL_CHARS_MAX));
    boolean allowed = stored.privateAllowed() && same;
    ProviderRepository.Provider provider = provider(stored.id(), body, allowed);
    CredentialChange credential = credential(body, stored.maskedCredential());
    checkAllowance(context, allowed, provider);
    if (!same) {
      checkAddress(context, provider);
      if (stored.maskedCredential().isPresent() && credential instanceof CredentialChange.Keep) {
        throw Problem.invalid(
            "credential", "base_url names another endpoint, so the credential is given again.");
      }
    }
    save(tenant, provider, credential);
    writes.record(context, tenant, "provider.change", provider.id());
    return Answer.of(json(find(tenant, provider.id())));
  }

  private Answer delete(Context context, String tenant) {
    ProviderRepository.Provider stored = find(tenant, Answer.idOf(context, "provider"));
    Answer.checkIfMatch(context, json(stored));
    providers.delete(tenant, stored.id());
    writes.record(context, tenant, "provider.delete", stored.id());
    return Answer.nothing();
  }

  /** Requests that were admitted before keep the old one, as they keep their whole policy. */
  private Answer rotate(Context context, String tenant) {
    ProviderRepository.Provider stored = find(tenant, Answer.idOf(context, "provider"));
    Answer.checkIfMatch(context, json(stored));
    JsonBody body = JsonBody.read(context.body(), Set.of("credential"));
    CredentialChange credential = credential(body, stored.maskedCredential());
    if (!(credential instanceof CredentialChange.Replace)) {
      throw Problem.invalid("credential", "It is missing, null, or the mask of the one there is.");
    }
    save(tenant, stored, credential);
    writes.record(context, tenant, "provider.rotate-credentials", stored.id());
    return Answer.of(json(find(tenant, stored.id())));
  }

  /**
   * Whether a credential is the one that is stored, for who keeps it elsewhere and would not store
   * it anew each time. Tells nothing to whoever cannot guess it whole.
   */
  private void compare(Context context) {
    String tenant = context.pathParam("tenant");
    ProviderRepository.Provider stored = find(tenant, Answer.idOf(context, "provider"));
    byte[] given =
        JsonBody.read(context.body(), Set.of("credential"))
            .text("credential", 1, CREDENTIAL_CHARS_MAX)
            .getBytes(StandardCharsets.UTF_8);
    boolean matches;
    try {
      matches =
          providers
              .credential(tenant, stored.id())
              .filter(credential -> MessageDigest.isEqual(credential.reveal(), given))
              .isPresent();
    } catch (GeneralSecurityException e) {
      matches = false; // sealed by another keyset: it has to be stored again
    }
    new Answer(200, Answer.object().put("matches", matches).toString(), "").writeTo(context);
  }

  /** Outside of any transaction: a provider may take seconds, and nobody is to wait for it. */
  private void test(Context context) {
    String tenant = context.pathParam("tenant");
    ProviderRepository.Provider stored = find(tenant, Answer.idOf(context, "provider"));
    if (!context.body().isEmpty()) {
      JsonBody.read(context.body(), Set.of());
    }
    ProviderProbe.Result result;
    try {
      result =
          probe
              .call(
                  stored.kind(),
                  stored.baseUrl(),
                  stored.privateAllowed(),
                  providers.credential(tenant, stored.id()))
              .orElseThrow(
                  () -> {
                    context.header("Retry-After", "1");
                    return new Problem(
                        503, "Busy", "Too many providers are being tested; try again.");
                  });
    } catch (GeneralSecurityException e) {
      result =
          new ProviderProbe.Result(
              0, Optional.of("credential: the master keyset does not open it; give it again"));
    }
    ObjectNode json =
        Answer.object().put("valid", result.isValid()).put("latency_ms", result.latencyMillis());
    result.error().ifPresent(error -> json.put("error", error));
    new Answer(200, json.toString(), "").writeTo(context);
  }

  private void save(
      String tenant, ProviderRepository.Provider provider, CredentialChange credential) {
    if (!providers.save(tenant, provider, credential)) {
      throw new Problem(409, "Conflict", "The tenant has another provider of this name.")
          .at("name");
    }
  }

  private static ProviderRepository.Provider provider(
      UUID id, JsonBody body, boolean privateAllowed) {
    return new ProviderRepository.Provider(
        id,
        body.text("name", 1, 63),
        body.has("kind") ? body.word("kind", KINDS) : "openai",
        body.text("base_url", 1, BASE_URL_CHARS_MAX),
        body.texts("models", MODELS_MAX, 256),
        body.flag("accepts_stream_usage", true),
        body.flag("allow_private_addresses", privateAllowed),
        Optional.empty(),
        0);
  }

  /** What was shown may be sent back, and changes nothing. */
  private static CredentialChange credential(JsonBody body, Optional<String> masked) {
    if (!body.has("credential")) {
      return new CredentialChange.Keep();
    }
    if (body.isNull("credential")) {
      return new CredentialChange.Remove();
    }
    String credential = body.text("credential", 1, CREDENTIAL_CHARS_MAX);
    return masked.equals(Optional.of(credential))
        ? new CredentialChange.Keep()
        : new CredentialChange.Replace(Secret.of(credential));
  }

  private static void checkAddress(Context context, ProviderRepository.Provider provider) {
    try {
      if (ProviderAddress.isInternal(provider.baseUrl()) && !isPlatformAdmin(context)) {
        throw Problem.invalid(
            "base_url", "It is not on the public Internet; a platform admin alone may name it.");
      }
    } catch (InvalidTenantException e) {
      throw Problem.invalid("base_url", e.getMessage() + ".");
    }
  }

  /** An allowance that is there may stay, and be sent back, with the endpoint it was given for. */
  private static void checkAllowance(
      Context context, boolean allowedBefore, ProviderRepository.Provider provider) {
    if (provider.privateAllowed() && !allowedBefore && !isPlatformAdmin(context)) {
      throw Problem.invalid("allow_private_addresses", "A platform admin alone may allow it.");
    }
  }

  private static boolean isPlatformAdmin(Context context) {
    return Gate.caller(context).role().equals(Optional.of(Role.PLATFORM_ADMIN));
  }

  private static boolean isSameEndpoint(ProviderRepository.Provider stored, String baseUrl) {
    try {
      return ProviderAddress.isSameEndpoint(stored.baseUrl(), baseUrl);
    } catch (InvalidTenantException e) {
      return false;
    }
  }

  private ProviderRepository.Provider find(String tenant, UUID id) {
    return providers.find(tenant, id).orElseThrow(() -> Problem.notFound("provider"));
  }

  private static ObjectNode json(ProviderRepository.Provider provider) {
    ObjectNode json =
        Answer.object()
            .put("id", provider.id().toString())
            .put("name", provider.name())
            .put("kind", provider.kind())
            .put("base_url", provider.baseUrl());
    ArrayNode models = json.putArray("models");
    provider.models().forEach(models::add);
    return json.put("credential", provider.maskedCredential().orElse(null))
        .put("credential_version", provider.credentialVersion())
        .put("accepts_stream_usage", provider.acceptsStreamUsage())
        .put("allow_private_addresses", provider.privateAllowed());
  }
}
