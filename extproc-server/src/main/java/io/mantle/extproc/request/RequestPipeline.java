package io.mantle.extproc.request;

import io.mantle.extproc.dialect.ChatCompletions;
import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.request.Admission.Admitted;
import io.mantle.extproc.request.BodyTexts.BodyText;
import io.mantle.extproc.tenant.Policies;
import io.mantle.extproc.tenant.PolicyBook;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.Caller;
import io.mantle.extproc.value.Departure;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.RequestHead;
import io.mantle.privacy.Masking;
import io.mantle.privacy.PrivacyEngine;
import io.mantle.privacy.UnmaskableException;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.detect.deep.DeepTierException;
import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.Edits;
import io.mantle.privacy.rehydrate.Restoration;
import io.mantle.privacy.value.Plaintext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A request's way: authenticate, read the body, mask, choose the provider, edit.
 *
 * <p>Guarantees: what it returns holds no value that was found to be private under the caller's
 * policy, unless that policy only detects; bytes outside of an edit are the client's own; anything
 * in doubt is refused. Safe for use by many threads; keeps nothing of a request.
 */
public final class RequestPipeline {
  private static final Set<String> ACCEPTED =
      Set.of("*/*", "application/json", "text/event-stream", "application/json, text/event-stream");
  private static final String ANYTHING = "*/*";

  private final PolicyBook policies;
  private final PrivacyEngine engine;
  private final Function<TenantPolicy, Detector> detectors;
  private final int bodyBytesMax;

  /**
   * A pipeline.
   *
   * @param detectors what finds the entities of a tenant's texts
   */
  public RequestPipeline(
      PolicyBook policies,
      PrivacyEngine engine,
      Function<TenantPolicy, Detector> detectors,
      int bodyBytesMax) {
    this.policies = policies;
    this.engine = engine;
    this.detectors = detectors;
    this.bodyBytesMax = bodyBytesMax;
  }

  /** A pipeline in which the engine's own detector serves all tenants. */
  public RequestPipeline(PolicyBook policies, PrivacyEngine engine, int bodyBytesMax) {
    this(policies, engine, tenant -> engine.detector(), bodyBytesMax);
  }

  /** Judges a request by its head. */
  public Admission admit(RequestHead head, String requestId) throws RefusedException {
    Endpoint endpoint = Heads.endpoint(head);
    Policies.Access access = Authenticator.authenticate(head, policies.current());
    TenantPolicy tenant = access.tenant();
    return switch (endpoint) {
      case MODELS -> new Admission.Answered(ModelList.of(tenant));
      case CHAT_COMPLETIONS -> {
        Heads.checkBody(head);
        String conversation = head.header("x-privacy-gateway-conversation");
        yield new Admitted(
            endpoint,
            tenant,
            new Caller(tenant.tenantId(), access.keyId(), tenant.version()),
            requestId,
            accept(head),
            conversation == null ? null : Conversation.checkClientId(conversation),
            Heads.rehydrate(head));
      }
    };
  }

  /** Makes of an admitted request's body what may leave. */
  public Departure depart(Admitted admitted, byte[] body) throws RefusedException {
    if (body.length > bodyBytesMax) {
      throw new RefusedException(
          Refusal.ofRequest(413, "request_too_large", "The request body is too large."));
    }
    TenantPolicy tenant = admitted.tenant();
    ChatRequest request = ChatRequest.read(body);
    TenantPolicy.Provider provider = provider(tenant, request.model());
    BodyTexts found = BodyTexts.of(request.document());
    Conversation conversation =
        Conversation.of(
            tenant.surrogateKey(),
            admitted.caller().keyId(),
            admitted.conversation(),
            request.document());
    Masking.Masked masked = mask(request, found.texts(), conversation, tenant);

    Edits edits = new Edits();
    for (Masking.Replacement r : masked.replacements()) {
      edits.add(found.texts().get(r.text()).text().edit(r.start(), r.end(), r.surrogate()));
    }
    Edit usage =
        request.streamed() && provider.acceptsStreamUsage()
            ? StreamUsage.edit(request.document())
            : null;
    if (usage != null) {
      edits.add(usage);
    }
    byte[] edited = edits.applyTo(body);

    return new Departure(
        provider.basePath() + admitted.endpoint().pathBelowBase(),
        headers(admitted, provider),
        edited,
        tenant.tenantId(),
        new Call(
            admitted.requestId(),
            conversation.id(),
            provider.id(),
            provider.name(),
            request.model(),
            request.streamed(),
            usage != null,
            request.contentIsJson(),
            entities(masked, found.uninspected()),
            tenant.privacy().detectOnly(),
            admitted.rehydrate() ? masked.restoration() : Restoration.NONE));
  }

  private static TenantPolicy.Provider provider(TenantPolicy tenant, String model)
      throws RefusedException {
    TenantPolicy.Provider provider = tenant.providerFor(model);
    if (provider == null) {
      throw new RefusedException(
          Refusal.ofRequest(
                  404,
                  "model_not_found",
                  "No route of this tenant serves this model. GET /v1/models lists what there is.")
              .at("model"));
    }
    return provider;
  }

  private Masking.Masked mask(
      ChatRequest request, List<BodyText> texts, Conversation conversation, TenantPolicy tenant)
      throws RefusedException {
    List<Plaintext> plain = new ArrayList<>(texts.size());
    texts.forEach(text -> plain.add(new Plaintext(text.text().value())));
    Masking masking;
    Examination examination =
        tenant.privacy().examination().with(detectors.apply(tenant).forRequest());
    try {
      masking =
          tenant.privacy().detectOnly()
              ? new Masking.Masked(List.of(), Restoration.NONE, engine.observe(plain, examination))
              : engine.mask(plain, conversation.key(), examination);
    } catch (UnmaskableException e) {
      throw new RefusedException(unmaskable());
    } catch (DeepTierException e) {
      throw new RefusedException(notExamined(e.reason()));
    }
    return switch (masking) {
      case Masking.Blocked blocked ->
          throw new RefusedException(
              new Refusal(
                  403,
                  "invalid_request_error",
                  "entity_blocked",
                  "The policy does not let %s leave (%d found)."
                      .formatted(blocked.type(), blocked.count()),
                  request
                      .document()
                      .pathOf(texts.get(blocked.text()).token(), ChatCompletions::isApiWord),
                  false));
      case Masking.Masked masked -> {
        for (Masking.Replacement r : masked.replacements()) {
          if (texts.get(r.text()).isNumber() && !r.surrogate().matches("[0-9]+")) {
            throw new RefusedException(unmaskable());
          }
        }
        yield masked;
      }
    };
  }

  private static Refusal unmaskable() {
    return new Refusal(
        503,
        "api_error",
        "masking_failed",
        "The request could not be masked reversibly, so nothing was sent.",
        null,
        false);
  }

  private static Refusal notExamined(DeepTierException.Reason reason) {
    return switch (reason) {
      case OVERRUN, FAILED ->
          Refusal.unavailable(
              "deep_tier_unavailable",
              "The deep tier, which this tenant's policy asks for, gave no answer in time, so nothing was sent.");
      case TOO_LONG ->
          new Refusal(
              503,
              "api_error",
              "deep_tier_too_long",
              "The request has more text than the deep tier reads, so nothing was sent.",
              null,
              false);
    };
  }

  private static List<Header> headers(Admitted admitted, TenantPolicy.Provider provider) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("content-type", "application/json"));
    headers.add(new Header("accept", admitted.accept()));
    if (!provider.credential().isEmpty()) {
      headers.add(new Header("authorization", "Bearer " + provider.credential()));
    }
    return headers;
  }

  /** A client's own words may not leave in a header, so only the well-known ones do. */
  private static String accept(RequestHead head) {
    String accept = head.header("accept");
    return accept != null && ACCEPTED.contains(accept) ? accept : ANYTHING;
  }

  private static Map<String, Integer> entities(Masking.Masked masked, int uninspected) {
    Map<String, Integer> entities = new LinkedHashMap<>();
    masked.entities().forEach((type, count) -> entities.put(type.name(), count));
    if (uninspected > 0) {
      entities.put("UNINSPECTED", uninspected);
    }
    return entities;
  }
}
