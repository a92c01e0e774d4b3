package io.mantle.extproc.tenant;

import io.mantle.extproc.value.ProviderKind;
import io.mantle.privacy.detect.DetectionPolicy;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.detect.SecondTier;
import io.mantle.privacy.detect.custom.CustomRecognizer;
import io.mantle.privacy.detect.custom.DenyTerm;
import io.mantle.privacy.detect.custom.InvalidRuleException;
import io.mantle.privacy.detect.tagger.Recall;
import io.mantle.privacy.rehydrate.RestorationPolicy;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.PrivacyPolicy;
import io.mantle.privacy.value.Strategy;
import io.mantle.proto.policy.v1.AnswerPolicy.Produced;
import io.mantle.proto.policy.v1.AnswerPolicy.ToolArguments;
import io.mantle.proto.policy.v1.Spellings.Spelling;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads pushed policies into values. What is not understood is an error: half a policy is no
 * policy.
 */
final class PolicyMessages {

  private PolicyMessages() {}

  /**
   * One tenant's policy.
   *
   * @param held what is held of the tenant, whose compiled rules serve on where they are the same;
   *     or null
   * @param deep the deep tier, or null where there is none
   * @throws IllegalArgumentException if it holds what this version does not know, or does not hold
   *     together
   */
  static TenantPolicy read(
      io.mantle.proto.policy.v1.TenantPolicy message,
      @Nullable TenantPolicy held,
      @Nullable SecondTier deep) {
    Map<String, TenantPolicy.Provider> providers = new HashMap<>();
    for (io.mantle.proto.policy.v1.Provider provider : message.getProvidersList()) {
      providers.put(provider.getId(), read(provider));
    }
    List<TenantPolicy.Route> routes = new ArrayList<>();
    for (io.mantle.proto.policy.v1.Route route : message.getRoutesList()) {
      routes.add(read(route, providers));
    }
    List<TenantPolicy.ProxyKey> keys = new ArrayList<>();
    for (io.mantle.proto.policy.v1.ProxyKey key : message.getKeysList()) {
      keys.add(
          new TenantPolicy.ProxyKey(key.getId(), KeyHash.ofDigest(key.getSha256().toByteArray())));
    }
    if (message.getSurrogateKey().size() != 32) {
      throw new IllegalArgumentException("the surrogate key has not 32 bytes");
    }
    return new TenantPolicy(
        message.getTenantId(),
        message.getVersion(),
        message.getSurrogateKey().toByteArray(),
        List.copyOf(keys),
        message.getProvidersList().stream().map(p -> read(p)).toList(),
        List.copyOf(routes),
        read(message.getPrivacy(), held, deep),
        limits(message.getLimits()));
  }

  /** How much a tenant may ask for: there is nothing in it that could not be understood. */
  static TenantLimits limits(io.mantle.proto.policy.v1.TenantLimits limits) {
    Map<String, Limits> keys = new HashMap<>();
    Map<String, Instant> keysSpentUntil = new HashMap<>();
    limits
        .getKeysMap()
        .forEach(
            (id, key) -> {
              keys.put(id, read(key));
              if (key.getSpentUntilEpochMillis() > 0) {
                keysSpentUntil.put(id, spentUntil(key));
              }
            });
    return new TenantLimits(
        read(limits.getTenant()),
        keys,
        limits.getLadderStep(),
        new SpentBudgets(spentUntil(limits.getTenant()), keysSpentUntil));
  }

  private static Limits read(io.mantle.proto.policy.v1.Limits limits) {
    return new Limits(
        limits.hasRequestsPerSecond() ? limits.getRequestsPerSecond() : Limits.UNLIMITED,
        limits.hasRequestsPerMinute() ? limits.getRequestsPerMinute() : Limits.UNLIMITED,
        limits.hasTokensPerMinute() ? limits.getTokensPerMinute() : Limits.UNLIMITED,
        limits.hasTokensPerDay() ? limits.getTokensPerDay() : Limits.UNLIMITED,
        limits.hasConcurrentStreams() ? limits.getConcurrentStreams() : Limits.UNLIMITED);
  }

  private static Instant spentUntil(io.mantle.proto.policy.v1.Limits limits) {
    return Instant.ofEpochMilli(limits.getSpentUntilEpochMillis());
  }

  private static TenantPolicy.Provider read(io.mantle.proto.policy.v1.Provider provider) {
    return new TenantPolicy.Provider(
        provider.getId(),
        provider.getName(),
        kind(provider),
        provider.getEndpoint(),
        provider.getBasePath(),
        provider.getCredential(),
        List.copyOf(provider.getModelsList()),
        provider.getAcceptsStreamUsage());
  }

  private static ProviderKind kind(io.mantle.proto.policy.v1.Provider provider) {
    return switch (provider.getKind()) {
      case OPENAI -> ProviderKind.OPENAI;
      case ANTHROPIC -> ProviderKind.ANTHROPIC;
      case KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "provider " + provider.getId() + " is of an unknown kind");
    };
  }

  private static TenantPolicy.Route read(
      io.mantle.proto.policy.v1.Route route, Map<String, TenantPolicy.Provider> providers) {
    List<TenantPolicy.Provider> chain = new ArrayList<>();
    for (String id : route.getProviderIdsList()) {
      TenantPolicy.Provider provider = providers.get(id);
      if (provider == null) {
        throw new IllegalArgumentException("a route names an unknown provider " + id);
      }
      chain.add(provider);
    }
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a route names no provider");
    }
    return new TenantPolicy.Route(
        new ModelPattern(route.getModelPattern()),
        List.copyOf(chain),
        Map.copyOf(route.getModelsMap()),
        route.hasRetries() ? route.getRetries() : null,
        route.getFirstByteTimeoutMillis() == 0
            ? null
            : Duration.ofMillis(route.getFirstByteTimeoutMillis()));
  }

  private static TenantPolicy.Privacy read(
      io.mantle.proto.policy.v1.PrivacyPolicy privacy,
      @Nullable TenantPolicy held,
      @Nullable SecondTier deep) {
    Map<EntityType, Action> actions = new EnumMap<>(EntityType.class);
    privacy.getActionsMap().forEach((type, action) -> actions.put(type(type), read(action)));
    PrivacyPolicy policy = new PrivacyPolicy(actions);
    DetectionPolicy detection = detection(privacy);
    return new TenantPolicy.Privacy(
        policy,
        detection,
        examination(detection, policy, held, deep),
        detectOnly(privacy.getMode()),
        refusesMedia(privacy.getMedia()),
        privacy.getPreservationPrompt(),
        read(privacy.getAnswers()),
        privacy.getTraceContent(),
        privacy.getRecordExchanges());
  }

  private static AnswerPolicy read(io.mantle.proto.policy.v1.AnswerPolicy answers) {
    Map<EntityType, Set<Strategy>> strategies = new EnumMap<>(EntityType.class);
    answers
        .getNotRestoredMap()
        .forEach(
            (type, spellings) -> {
              Set<Strategy> on = EnumSet.allOf(Strategy.class);
              spellings.getSpellingsList().forEach(spelling -> on.remove(read(spelling)));
              strategies.put(type(type), on);
            });
    Map<String, Boolean> tools = new HashMap<>();
    answers.getToolsMap().forEach((tool, arguments) -> tools.put(tool, restores(arguments)));
    return new AnswerPolicy(
        new RestorationPolicy(strategies, Set.copyOf(answers.getLinkHostsList())),
        tools,
        read(answers.getProduced()));
  }

  private static AnswerPolicy.Produced read(Produced produced) {
    return switch (produced) {
      case PASS, PRODUCED_UNSPECIFIED -> AnswerPolicy.Produced.PASS;
      case MASK -> AnswerPolicy.Produced.MASK;
      case BLOCK -> AnswerPolicy.Produced.BLOCK;
      case UNRECOGNIZED -> throw new IllegalArgumentException("an unknown response scanning");
    };
  }

  private static boolean restores(ToolArguments arguments) {
    return switch (arguments) {
      case RESTORE -> true;
      case LEAVE -> false;
      case TOOL_ARGUMENTS_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("an unknown handling of tools");
    };
  }

  private static Strategy read(Spelling spelling) {
    return switch (spelling) {
      case CASE -> Strategy.CASE;
      case SPACING -> Strategy.SPACING;
      case MARKUP -> Strategy.MARKUP;
      case POSSESSIVE -> Strategy.POSSESSIVE;
      case HYPHENATION -> Strategy.HYPHENATION;
      case ACCENTS -> Strategy.ACCENTS;
      case NAME_PART -> Strategy.NAME_PART;
      case INITIALS -> Strategy.INITIALS;
      case NUMBER_FORMAT -> Strategy.NUMBER_FORMAT;
      case DATE_FORMAT -> Strategy.DATE_FORMAT;
      case ESCAPED -> Strategy.ESCAPED;
      case TYPO -> Strategy.TYPO;
      case SPELLING_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("an unknown spelling");
    };
  }

  private static DetectionPolicy detection(io.mantle.proto.policy.v1.PrivacyPolicy privacy) {
    return new DetectionPolicy(
        read(privacy.getRecall()),
        privacy.getDenyList().stream()
            .map(term -> new DenyTerm(new Plaintext(term.getPhrase()), type(term.getEntityType())))
            .toList(),
        texts(privacy.getAllowList()),
        privacy.getRecognizersList().stream().map(recognizer -> read(recognizer)).toList(),
        privacy.getDeep());
  }

  private static CustomRecognizer read(io.mantle.proto.policy.v1.CustomRecognizer recognizer) {
    return new CustomRecognizer(
        recognizer.getName(),
        type(recognizer.getEntityType()),
        recognizer.getPatternsList(),
        texts(recognizer.getWordsList()),
        texts(recognizer.getContextList()));
  }

  private static Examination examination(
      DetectionPolicy detection,
      PrivacyPolicy actions,
      @Nullable TenantPolicy held,
      @Nullable SecondTier deep) {
    if (held != null
        && held.privacy().actions().equals(actions)
        && held.privacy().detection().equals(detection)) {
      return held.privacy().examination();
    }
    try {
      return Detectors.of(detection, actions, deep);
    } catch (InvalidRuleException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static List<Plaintext> texts(List<String> texts) {
    return texts.stream().map(Plaintext::new).toList();
  }

  private static EntityType type(String name) {
    try {
      return EntityType.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("an unknown entity type", e);
    }
  }

  private static Recall read(io.mantle.proto.policy.v1.PrivacyPolicy.Recall recall) {
    return switch (recall) {
      case HIGH -> Recall.HIGH;
      case BALANCED, RECALL_UNSPECIFIED -> Recall.BALANCED;
      case PRECISE -> Recall.PRECISE;
      case UNRECOGNIZED -> throw new IllegalArgumentException("an unknown recall");
    };
  }

  private static boolean refusesMedia(io.mantle.proto.policy.v1.PrivacyPolicy.Media media) {
    return switch (media) {
      case PASS, MEDIA_UNSPECIFIED -> false;
      case REFUSE -> true;
      case UNRECOGNIZED -> throw new IllegalArgumentException("an unknown handling of media");
    };
  }

  private static boolean detectOnly(io.mantle.proto.policy.v1.PrivacyPolicy.Mode mode) {
    return switch (mode) {
      case ENFORCE, MODE_UNSPECIFIED -> false;
      case DETECT_ONLY -> true;
      case UNRECOGNIZED -> throw new IllegalArgumentException("an unknown mode");
    };
  }

  private static Action read(io.mantle.proto.policy.v1.PrivacyPolicy.Action action) {
    return switch (action) {
      case ALLOW -> Action.ALLOW;
      case SUBSTITUTE -> Action.SUBSTITUTE;
      case PLACEHOLDER -> Action.PLACEHOLDER;
      case BLOCK -> Action.BLOCK;
      case ACTION_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("an unknown action");
    };
  }
}
