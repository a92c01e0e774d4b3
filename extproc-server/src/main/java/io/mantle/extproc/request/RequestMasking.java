package io.mantle.extproc.request;

import io.mantle.extproc.dialect.ApiWords;
import io.mantle.extproc.request.Admission.Admitted;
import io.mantle.extproc.request.BodyTexts.BodyText;
import io.mantle.extproc.request.ConversationMemory.Recalled;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.Stage;
import io.mantle.extproc.value.Trail;
import io.mantle.privacy.Examined;
import io.mantle.privacy.KnownSurrogates;
import io.mantle.privacy.Masking;
import io.mantle.privacy.PrivacyEngine;
import io.mantle.privacy.ResolvedTexts;
import io.mantle.privacy.UnmaskableException;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.detect.deep.DeepTierException;
import io.mantle.privacy.rehydrate.Restoration;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * Masks the texts of a request as its tenant's policy says, with what earlier requests of its
 * conversation left. Safe for use by many threads.
 */
final class RequestMasking {
  private final PrivacyEngine engine;
  private final Function<TenantPolicy, Detector> detectors;
  private final ConversationMemory memory;

  RequestMasking(
      PrivacyEngine engine, Function<TenantPolicy, Detector> detectors, ConversationMemory memory) {
    this.engine = engine;
    this.detectors = detectors;
    this.memory = memory;
  }

  /**
   * Masks the texts of a request's body.
   *
   * @throws RefusedException if the policy blocks one, or it could not be examined or masked
   */
  Masking.Masked mask(
      ModelRequest request,
      List<BodyText> texts,
      Conversation conversation,
      StoredTurn stored,
      Admitted admitted)
      throws RefusedException {
    TenantPolicy tenant = admitted.tenant();
    List<Plaintext> plain = new ArrayList<>(texts.size());
    texts.forEach(text -> plain.add(new Plaintext(text.text().value())));
    Set<Integer> own = admitted.endpoint().dialect().clientWords().in(request.document());
    IntPredicate speaks = text -> own.contains(texts.get(text).token());
    Masking masking;
    Examination examination =
        tenant.privacy().examination().with(detectors.apply(tenant).forRequest());
    try {
      masking =
          tenant.privacy().detectOnly()
              ? observed(plain, examination, admitted)
              : maskAsRemembered(plain, speaks, conversation, stored, admitted, examination);
    } catch (UnmaskableException e) {
      throw new RefusedException(unmaskable());
    } catch (DeepTierException e) {
      throw new RefusedException(notExamined(e.reason()));
    }
    note(masking, tenant.privacy(), admitted.trail());
    return switch (masking) {
      case Masking.Blocked blocked ->
          throw new RefusedException(
              new Refusal(
                  403,
                  "invalid_request_error",
                  "entity_blocked",
                  "The policy does not let %s leave (%d found)."
                      .formatted(blocked.type(), blocked.count()),
                  request.document().pathOf(texts.get(blocked.text()).token(), ApiWords::contains),
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

  private Masking.Masked observed(List<Plaintext> texts, Examination examination, Admitted admitted)
      throws UnmaskableException {
    Map<EntityType, Integer> entities = engine.observe(texts, examination);
    admitted.trail().lap(detecting(admitted));
    return new Masking.Masked(List.of(), Restoration.NONE, entities);
  }

  private static Stage detecting(Admitted admitted) {
    return admitted.mayBlock() ? Stage.DETECT_DEEP : Stage.DETECT_FAST;
  }

  private static void note(Masking masking, TenantPolicy.Privacy privacy, Trail trail) {
    switch (masking) {
      case Masking.Blocked blocked ->
          trail.found(new Trail.Found(blocked.type().name(), Action.BLOCK, false, blocked.count()));
      case Masking.Masked masked ->
          masked
              .entities()
              .forEach(
                  (type, count) -> {
                    Action action =
                        privacy.detectOnly()
                            ? Action.ALLOW
                            : privacy.examination().actions().action(type);
                    trail.found(new Trail.Found(type.name(), action, privacy.detectOnly(), count));
                  });
    }
  }

  private Masking maskAsRemembered(
      List<Plaintext> texts,
      IntPredicate speaks,
      Conversation conversation,
      StoredTurn stored,
      Admitted admitted,
      Examination examination)
      throws RefusedException, UnmaskableException {
    String tenantId = admitted.tenant().tenantId();
    Trail trail = admitted.trail();
    // What masks nothing goes on while a shared vault is away.
    Examined examined =
        memory.isShared() && !stored.continues() ? engine.examine(texts, examination) : null;
    if (examined != null) {
      trail.lap(detecting(admitted));
    }
    boolean needsMemory = examined == null || !examined.isEmpty();
    Recalled recalled = needsMemory ? memory.recall(tenantId, conversation) : Recalled.NOTHING;
    trail.lap(Stage.VAULT);
    ResolvedTexts resolved = recalled.known().resolve(texts);
    if (examined == null || resolved.isChanged()) {
      examined =
          engine.examine(resolved.texts(), examination.with(resolved.over(examination.detector())));
      trail.lap(detecting(admitted));
    }
    Set<String> hosts = resolved.hosts(speaks);
    Masking masking =
        engine.mask(
            examined,
            recalled.salted(conversation.key()),
            admitted.tenant().privacy().answers().restoring(),
            stored.continues() ? recalled.said() : KnownSurrogates.NONE,
            hosts);
    trail.lap(Stage.MINT);
    return switch (masking) {
      case Masking.Blocked blocked -> blocked;
      case Masking.Masked masked -> {
        if (stored.isKept() || !admitted.rehydrate()) {
          memory.keep(
              tenantId,
              conversation,
              recalled,
              resolved.known(masked.replacements()),
              stored.isKept() ? hosts : Set.of(),
              !admitted.rehydrate());
        }
        if (stored.continues() && !admitted.rehydrate()) {
          memory.show(recalled);
        }
        trail.lap(Stage.VAULT);
        yield masked.with(resolved.inClientTexts(masked.replacements()));
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
}
