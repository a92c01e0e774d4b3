package io.mantle.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.detect.cache.SegmentCache;
import io.mantle.privacy.detect.cache.SegmentKey;
import io.mantle.privacy.detect.parallel.Workers;
import io.mantle.privacy.surrogate.SurrogateMint;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.ConversationKey;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.PrivacyPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What linking, the cache and threads are together, in the engine. */
class LinkedMaskingTest {
  private static final Detector DETECTOR = Detectors.standard();
  private static final SurrogateMint MINT = SurrogateMint.load();
  private static final ConversationKey KEY = ConversationKey.derive(new byte[32], new byte[] {1});
  private static final PrivacyPolicy POLICY =
      new PrivacyPolicy(
          Map.of(
              EntityType.PERSON, Action.SUBSTITUTE,
              EntityType.EMAIL, Action.SUBSTITUTE,
              EntityType.USERNAME, Action.SUBSTITUTE,
              EntityType.PHONE, Action.SUBSTITUTE));

  private static final String[] PARTS = {
    "My colleague Katharina Hoffmann called. ",
    "HOFFMANN, KATHARINA is on the list. ",
    "Tell Hoffmann that Katharina's car is here. ",
    "k. hoffmann and katharina hoffmann, or K. Hoffmann, ",
    "write to khoffmann@acme-mail.com or ping @khoffmann please. ",
    "The Hoffmanns were with Robert Smith-Lee, and Lee said no. ",
    "Dr. Robert Smith-Lee Jr. and Mr. Smith met. ",
    "Nothing else was changed in the meantime. "
  };

  private static List<Plaintext> texts(Random random) {
    List<Plaintext> texts = new ArrayList<>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      StringBuilder text = new StringBuilder();
      int parts = random.nextInt(10) == 0 ? 600 : random.nextInt(12);
      for (int part = 0; part < parts; part++) {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
      texts.add(new Plaintext(text.toString()));
    }
    return texts;
  }

  private static String masked(List<Plaintext> texts, Masking.Masked masked) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < texts.size(); i++) {
      StringBuilder text = new StringBuilder(texts.get(i).reveal());
      for (Masking.Replacement r : masked.replacements().reversed()) {
        if (r.text() == i) {
          text.replace(r.start(), r.end(), r.surrogate());
        }
      }
      assertThat(masked.restoration().restoreText(text.toString()))
          .isEqualTo(texts.get(i).reveal());
      all.append(text).append('\n');
    }
    return all.toString();
  }

  private static Masking.Masked mask(PrivacyEngine engine, Detector detector, List<Plaintext> texts)
      throws UnmaskableException {
    return (Masking.Masked) engine.mask(texts, KEY, new Examination(detector, POLICY));
  }

  @Test
  void mentions_areMaskedAndRestored() throws UnmaskableException {
    List<Plaintext> texts =
        List.of(
            new Plaintext("My colleague Katharina Hoffmann called me yesterday."),
            new Plaintext(
                "Tell Hoffmann, HOFFMANN or @khoffmann that katharina hoffmann is late."));
    String masked = masked(texts, mask(new PrivacyEngine(DETECTOR, MINT), DETECTOR, texts));
    assertThat(masked).doesNotContainIgnoringCase("hoffmann").doesNotContainIgnoringCase("kathar");
  }

  @Test
  void mentionsOfOnePerson_haveTheWordsOfOneSurrogate() throws UnmaskableException {
    List<Plaintext> texts =
        List.of(
            new Plaintext(
                "My colleague Katharina Hoffmann called. Katharina is k.hoffmann@acme-mail.com or"
                    + " @khoffmann, Ms. Hoffmann to you; HOFFMANN on the list."));
    Masking.Masked masked = mask(new PrivacyEngine(DETECTOR, MINT), DETECTOR, texts);
    String left = masked(texts, masked);
    String name = masked.replacements().getFirst().surrogate();
    String first = name.substring(0, name.indexOf(' '));
    String last = name.substring(name.indexOf(' ') + 1);
    String lower = last.toLowerCase(Locale.ROOT);
    String initial = first.substring(0, 1).toLowerCase(Locale.ROOT);

    assertThat(left)
        .startsWith("My colleague " + name + " called. " + first + " is " + initial + "." + lower)
        .contains("@" + initial + lower + ", Ms. " + last + " to you; ")
        .contains(last.toUpperCase(Locale.ROOT) + " on the list");
    assertThat(masked.remaps()).isZero();
    assertThat(masked.restoration().restoreText(initial.toUpperCase(Locale.ROOT) + ". " + last))
        .isEqualTo("K. Hoffmann");
  }

  @Test
  void partOfASurrogateInTheRequest_isNotRestored() throws UnmaskableException {
    PrivacyEngine engine = new PrivacyEngine(DETECTOR, MINT);
    String text = "My colleague Katharina Hoffmann called.";
    String name =
        mask(engine, DETECTOR, List.of(new Plaintext(text))).replacements().getFirst().surrogate();
    String first = name.substring(0, name.indexOf(' '));
    List<Plaintext> texts = List.of(new Plaintext(text), new Plaintext("x=" + first + ";"));
    Masking.Masked masked = mask(engine, DETECTOR, texts);

    assertThat(masked(texts, masked)).contains("x=" + first + ";");
    assertThat(masked.restoration().restoreText(first + " and " + name))
        .isEqualTo(first + " and Katharina Hoffmann");
  }

  @Test
  void placeholders_areStableAndComeBack() throws UnmaskableException {
    PrivacyPolicy policy = new PrivacyPolicy(Map.of(EntityType.PERSON, Action.PLACEHOLDER));
    PrivacyEngine engine = new PrivacyEngine(DETECTOR, MINT);
    List<Plaintext> texts =
        List.of(
            new Plaintext("My colleague Katharina Hoffmann called, and KATHARINA HOFFMANN wrote."));
    Masking.Masked masked =
        (Masking.Masked) engine.mask(texts, KEY, new Examination(DETECTOR, policy));
    List<String> left = masked.replacements().stream().map(Masking.Replacement::surrogate).toList();

    assertThat(left).hasSize(2).allMatch(s -> s.matches("\\[PERSON_[0-9]+[A-Z]?\\]"));
    assertThat(left.get(1)).startsWith(left.get(0).replace("]", ""));
    assertThat(masked.restoration().restoreText("Dear " + left.get(0).replace("_", "\\_") + ","))
        .isEqualTo("Dear Katharina Hoffmann,");
    assertThat(
            ((Masking.Masked) engine.mask(texts, KEY, new Examination(DETECTOR, policy)))
                .replacements())
        .isEqualTo(masked.replacements());
  }

  @Test
  void cacheAndThreads_changeNothing() throws UnmaskableException {
    SegmentCache cache = new SegmentCache(1 << 22);
    Detector cached = cache.over(DETECTOR, SegmentKey.derive(new byte[32], "m", "p"));
    Random random = new Random(11);
    try (Workers workers = new Workers(3)) {
      PrivacyEngine alone = new PrivacyEngine(DETECTOR, MINT);
      PrivacyEngine helped = new PrivacyEngine(DETECTOR, MINT, workers);
      for (int run = 0; run < 40; run++) {
        List<Plaintext> texts = texts(random);
        Masking.Masked expected = mask(alone, DETECTOR, texts);
        for (int again = 0; again < 2; again++) {
          Masking.Masked actual = mask(helped, cached, texts);
          assertThat(actual.replacements()).isEqualTo(expected.replacements());
          assertThat(actual.entities()).isEqualTo(expected.entities());
          assertThat(masked(texts, actual)).doesNotContain("Hoffmann called");
        }
      }
    }
    assertThat(cache.hits()).isGreaterThan(40);
  }
}
