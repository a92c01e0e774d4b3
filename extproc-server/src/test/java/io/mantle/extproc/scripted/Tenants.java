package io.mantle.extproc.scripted;

import io.mantle.extproc.tenant.AnswerPolicy;
import io.mantle.extproc.tenant.KeyHash;
import io.mantle.extproc.tenant.ModelPattern;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.ProviderKind;
import io.mantle.privacy.detect.DetectionPolicy;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.detect.custom.InvalidRuleException;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.PrivacyPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Made-up tenants. Each has a provider of each kind and one proxy key, or as many as it is given.
 */
public final class Tenants {
  /** The first tenant's key. */
  public static final String KEY = "sk-mantle-acme-1";

  private static final TenantPolicy.Provider PROVIDER =
      new TenantPolicy.Provider(
          "prov-1",
          "demo",
          ProviderKind.OPENAI,
          "http://demo:80",
          "/base/v1",
          "upstream-credential",
          List.of("gpt-test"),
          true);

  private static final TenantPolicy.Provider ANTHROPIC =
      new TenantPolicy.Provider(
          "prov-2",
          "claude",
          ProviderKind.ANTHROPIC,
          "https://claude:443",
          "/v1",
          "anthropic-credential",
          List.of("claude-test"),
          true);

  private Tenants() {}

  /** What API.md calls the default policy. */
  public static PrivacyPolicy defaultPrivacy() {
    return privacy(Map.of());
  }

  /** The default policy with some types treated otherwise. */
  public static PrivacyPolicy privacy(Map<EntityType, Action> otherwise) {
    Map<EntityType, Action> actions = new EnumMap<>(EntityType.class);
    for (EntityType type : EntityType.values()) {
      actions.put(
          type,
          switch (type) {
            case LOCATION, ORG, DATE, URL -> Action.ALLOW;
            case PERSON,
                EMAIL,
                PHONE,
                CREDIT_CARD,
                IBAN,
                SSN,
                IP,
                MAC,
                CRYPTO,
                PASSWORD_OR_SECRET,
                USERNAME,
                ADDRESS,
                DATE_OF_BIRTH,
                PASSPORT,
                DRIVER_LICENSE,
                NATIONAL_ID,
                MEDICAL_ID,
                BANK_ACCOUNT ->
                Action.SUBSTITUTE;
          });
    }
    actions.putAll(otherwise);
    return new PrivacyPolicy(actions);
  }

  /** A tenant under the default policy whose one route takes every model. */
  public static TenantPolicy acme() {
    return tenant("acme", 1, defaultPrivacy(), KEY);
  }

  /**
   * A tenant.
   *
   * @param seed makes its surrogate key
   * @param keys its proxy keys; their ids are {@code key-1}, {@code key-2} ...
   */
  public static TenantPolicy tenant(String id, int seed, PrivacyPolicy privacy, String... keys) {
    byte[] surrogateKey = new byte[32];
    Arrays.fill(surrogateKey, (byte) seed);
    TenantPolicy.ProxyKey[] proxyKeys = new TenantPolicy.ProxyKey[keys.length];
    Arrays.setAll(proxyKeys, i -> new TenantPolicy.ProxyKey("key-" + (i + 1), KeyHash.of(keys[i])));
    return new TenantPolicy(
        id,
        "version-1",
        surrogateKey,
        List.of(proxyKeys),
        List.of(PROVIDER, ANTHROPIC),
        List.of(new TenantPolicy.Route(new ModelPattern("*"), List.of(PROVIDER, ANTHROPIC))),
        new TenantPolicy.Privacy(
            privacy,
            DetectionPolicy.STANDARD,
            new Examination(Detectors.standard(), privacy),
            false,
            false,
            "",
            AnswerPolicy.DEFAULT,
            false,
            false));
  }

  /** The same tenant with another detection, enforced or not. */
  public static TenantPolicy detecting(
      TenantPolicy tenant, DetectionPolicy detection, boolean detectOnly) {
    try {
      Variant variant = new Variant(tenant);
      variant.detection = detection;
      variant.examination = Detectors.of(detection, tenant.privacy().actions());
      variant.detectOnly = detectOnly;
      return variant.policy();
    } catch (InvalidRuleException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The same tenant, its texts examined by this. */
  public static TenantPolicy examinedBy(TenantPolicy tenant, Detector detector) {
    Variant variant = new Variant(tenant);
    variant.examination = tenant.privacy().examination().with(detector);
    return variant.policy();
  }

  /** The same tenant, refusing what cannot be inspected. */
  public static TenantPolicy refusingMedia(TenantPolicy tenant) {
    Variant variant = new Variant(tenant);
    variant.refusesMedia = true;
    return variant.policy();
  }

  /** The same tenant, saying something before each system prompt. */
  public static TenantPolicy preserving(TenantPolicy tenant, String prompt) {
    Variant variant = new Variant(tenant);
    variant.preservationPrompt = prompt;
    return variant.policy();
  }

  /** The same tenant, its answers restored so. */
  public static TenantPolicy answering(TenantPolicy tenant, AnswerPolicy answers) {
    Variant variant = new Variant(tenant);
    variant.answers = answers;
    return variant.policy();
  }

  /** The same tenant, which wants its traces to hold what the provider saw. */
  public static TenantPolicy showingContent(TenantPolicy tenant) {
    Variant variant = new Variant(tenant);
    variant.traceContent = true;
    return variant.policy();
  }

  /** The same tenant, with a record kept of what its providers are sent. */
  public static TenantPolicy recording(TenantPolicy tenant) {
    Variant variant = new Variant(tenant);
    variant.recordExchanges = true;
    return variant.policy();
  }

  /** The same tenant, its one route for models of that pattern. */
  public static TenantPolicy serving(TenantPolicy tenant, String modelPattern) {
    Variant variant = new Variant(tenant);
    variant.routes =
        List.of(new TenantPolicy.Route(new ModelPattern(modelPattern), tenant.providers()));
    return variant.policy();
  }

  /** The same tenant, its one provider called with this credential. */
  public static TenantPolicy calledWith(TenantPolicy tenant, String credential) {
    TenantPolicy.Provider provider =
        new TenantPolicy.Provider(
            PROVIDER.id(),
            PROVIDER.name(),
            PROVIDER.kind(),
            PROVIDER.endpoint(),
            PROVIDER.basePath(),
            credential,
            PROVIDER.models(),
            PROVIDER.acceptsStreamUsage());
    return new TenantPolicy(
        tenant.tenantId(),
        tenant.version(),
        tenant.surrogateKey(),
        tenant.keys(),
        List.of(provider),
        List.of(new TenantPolicy.Route(new ModelPattern("*"), List.of(provider))),
        tenant.privacy());
  }

  /** The same tenant, with a second provider of the same kind to go to when the first fails. */
  public static TenantPolicy chained(TenantPolicy tenant) {
    TenantPolicy.Provider second =
        new TenantPolicy.Provider(
            "prov-3",
            "spare",
            PROVIDER.kind(),
            "https://spare:443",
            "/v1",
            "spare-credential",
            PROVIDER.models(),
            true);
    Variant variant = new Variant(tenant);
    variant.providers = List.of(PROVIDER, second);
    variant.routes =
        List.of(
            new TenantPolicy.Route(
                new ModelPattern("*"),
                variant.providers,
                Map.of("prov-3", "spare-model"),
                2,
                Duration.ofSeconds(7)));
    return variant.policy();
  }

  /** The same tenant, its provider refusing {@code stream_options}. */
  public static TenantPolicy withoutStreamUsage(TenantPolicy tenant) {
    TenantPolicy.Provider provider =
        new TenantPolicy.Provider(
            PROVIDER.id(),
            PROVIDER.name(),
            PROVIDER.kind(),
            PROVIDER.endpoint(),
            PROVIDER.basePath(),
            PROVIDER.credential(),
            PROVIDER.models(),
            false);
    Variant variant = new Variant(tenant);
    variant.providers = List.of(provider);
    variant.routes = List.of(new TenantPolicy.Route(new ModelPattern("*"), List.of(provider)));
    return variant.policy();
  }

  /** A tenant of which something is about to be otherwise. */
  private static final class Variant {
    private final TenantPolicy tenant;
    private List<TenantPolicy.Provider> providers;
    private List<TenantPolicy.Route> routes;
    private DetectionPolicy detection;
    private Examination examination;
    private boolean detectOnly;
    private boolean refusesMedia;
    private String preservationPrompt;
    private AnswerPolicy answers;
    private boolean traceContent;
    private boolean recordExchanges;

    Variant(TenantPolicy tenant) {
      this.tenant = tenant;
      providers = tenant.providers();
      routes = tenant.routes();
      detection = tenant.privacy().detection();
      examination = tenant.privacy().examination();
      detectOnly = tenant.privacy().detectOnly();
      refusesMedia = tenant.privacy().refusesMedia();
      preservationPrompt = tenant.privacy().preservationPrompt();
      answers = tenant.privacy().answers();
      traceContent = tenant.privacy().traceContent();
      recordExchanges = tenant.privacy().recordExchanges();
    }

    TenantPolicy policy() {
      return new TenantPolicy(
          tenant.tenantId(),
          tenant.version(),
          tenant.surrogateKey(),
          tenant.keys(),
          providers,
          routes,
          new TenantPolicy.Privacy(
              tenant.privacy().actions(),
              detection,
              examination,
              detectOnly,
              refusesMedia,
              preservationPrompt,
              answers,
              traceContent,
              recordExchanges));
    }
  }
}
