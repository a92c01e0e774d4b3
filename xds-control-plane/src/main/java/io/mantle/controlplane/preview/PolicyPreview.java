package io.mantle.controlplane.preview;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import io.mantle.controlplane.database.InvalidPolicyException;
import io.mantle.controlplane.database.PrivacyRow;
import io.mantle.controlplane.preview.Preview.Finding;
import io.mantle.controlplane.snapshot.PrivacyPolicies;
import io.mantle.privacy.Examined;
import io.mantle.privacy.KnownSurrogates;
import io.mantle.privacy.Masking;
import io.mantle.privacy.Masking.Replacement;
import io.mantle.privacy.PrivacyEngine;
import io.mantle.privacy.UnmaskableException;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.rehydrate.RestorationPolicy;
import io.mantle.privacy.surrogate.SurrogateMint;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.ConversationKey;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Masks a text as a policy says, with the sidecars' engine, under a key that is then forgotten: no
 * surrogate shown is one that traffic has seen or will see, and the same text gets others each
 * time. The deep tier is not asked; its model is the sidecars' alone.
 *
 * <p>The detector's model is read at the first preview. Thread-safe; keeps nothing of a text.
 */
public final class PolicyPreview {
  private static final int KEY_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final Supplier<PrivacyEngine> engine =
      Suppliers.memoize(() -> new PrivacyEngine(Detectors.standard(), SurrogateMint.load()));

  /**
   * What the policy makes of the text where it is enforced.
   *
   * @param text without halves of surrogate pairs
   * @throws InvalidPolicyException if the policy cannot be used; it names the field
   * @throws UnmaskableException if the text cannot be masked reversibly: such a request is refused
   */
  public Preview of(PrivacyRow policy, Plaintext text)
      throws InvalidPolicyException, UnmaskableException {
    Examination examination = PrivacyPolicies.examination(policy);
    try {
      return preview(examination, text);
    } catch (RuntimeException e) {
      // Its own message may quote what it failed on.
      IllegalStateException opaque =
          new IllegalStateException("the engine failed with " + e.getClass().getName());
      opaque.setStackTrace(e.getStackTrace());
      throw opaque;
    }
  }

  private Preview preview(Examination examination, Plaintext text) throws UnmaskableException {
    Examined examined = engine.get().examine(List.of(text), examination);
    Masking masking =
        engine
            .get()
            .mask(examined, throwAwayKey(), RestorationPolicy.DEFAULT, KnownSurrogates.NONE);
    List<Replacement> replacements =
        switch (masking) {
          case Masking.Masked masked -> masked.replacements();
          case Masking.Blocked _ -> List.of();
        };
    Optional<String> maskedText =
        switch (masking) {
          case Masking.Masked _ -> Optional.of(masked(text.reveal(), replacements));
          case Masking.Blocked _ -> Optional.empty();
        };
    return new Preview(
        findings(text, examined.found().getFirst(), examination, replacements), maskedText);
  }

  private ConversationKey throwAwayKey() {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return ConversationKey.derive(key, new byte[0]);
  }

  private static String masked(String text, List<Replacement> replacements) {
    StringBuilder masked = new StringBuilder(text.length());
    int done = 0;
    for (Replacement replacement : replacements) {
      masked.append(text, done, replacement.start()).append(replacement.surrogate());
      done = replacement.end();
    }
    return masked.append(text, done, text.length()).toString();
  }

  private static List<Finding> findings(
      Plaintext text, List<Span> held, Examination examination, List<Replacement> replacements) {
    Map<Integer, String> surrogates = new HashMap<>();
    replacements.forEach(r -> surrogates.put(r.start(), r.surrogate()));
    List<Placed> placed = new ArrayList<>();
    held.forEach(span -> placed.add(new Placed(span, examination.actions().action(span.type()))));
    allowed(text, held).forEach(span -> placed.add(new Placed(span, Action.ALLOW)));
    placed.sort(Comparator.comparingInt(p -> p.span.start()));
    String whole = text.reveal();
    List<Finding> findings = new ArrayList<>(placed.size());
    int unit = 0;
    int codePoint = 0;
    for (Placed p : placed) {
      int start = codePoint + whole.codePointCount(unit, p.span.start());
      int end = start + whole.codePointCount(p.span.start(), p.span.end());
      findings.add(
          new Finding(
              start,
              end,
              p.span.type(),
              p.span.score(),
              p.action,
              Optional.ofNullable(surrogates.get(p.span.start()))));
      unit = p.span.end();
      codePoint = end;
    }
    return findings;
  }

  private record Placed(Span span, Action action) {}

  /** What the tiers of all tenants find beside what is held back: it leaves as it is. */
  private static List<Span> allowed(Plaintext text, List<Span> held) {
    TreeMap<Integer, Span> byStart = new TreeMap<>();
    held.forEach(span -> byStart.put(span.start(), span));
    return Detectors.standard().detect(text).stream()
        .filter(
            span -> {
              // Of spans that do not overlap each other, only the last to begin before this one
              // ends can reach into it.
              Map.Entry<Integer, Span> before = byStart.lowerEntry(span.end());
              return before == null || before.getValue().end() <= span.start();
            })
        .toList();
  }
}
