package io.mantle.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.KnownSurrogates.Known;
import io.mantle.privacy.Masking.Masked;
import io.mantle.privacy.Masking.Replacement;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.surrogate.SurrogateMint;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.ConversationKey;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.PrivacyPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownSurrogatesTest {
  private static final PrivacyPolicy POLICY =
      new PrivacyPolicy(Map.of(EntityType.PERSON, Action.SUBSTITUTE));
  private static final ConversationKey KEY =
      ConversationKey.derive(new byte[32], "c1".getBytes(StandardCharsets.UTF_8));

  /** Finds nobody: who is found was known. */
  private static final Detector BLIND = text -> List.of();

  private static final PrivacyEngine ENGINE = new PrivacyEngine(BLIND, SurrogateMint.load());

  private static final Known MARIA = known("Juliet Pons", "Maria Garcia");

  @Test
  void texts_withoutKnownSurrogates_areTheVerySame() {
    List<Plaintext> texts =
        List.of(new Plaintext("nobody here"), new Plaintext("Juliets Ponsonby"));
    assertThat(new KnownSurrogates(List.of(MARIA)).resolve(texts).texts()).isEqualTo(texts);
    ResolvedTexts resolved = KnownSurrogates.NONE.resolve(texts);
    assertThat(resolved.over(BLIND)).isSameAs(BLIND);
  }

  @Test
  void surrogate_sentBack_leavesAsOneAndIsRestoredToTheOriginal() throws Exception {
    Sent sent = send("Ask Juliet Pons, and Juliet Pons's boss.", MARIA);
    assertThat(sent.left).doesNotContain("Maria", "Garcia", "Juliet Pons Juliet");
    String surrogate = sent.masked.replacements().getFirst().surrogate();
    assertThat(sent.left).isEqualTo("Ask %s, and %<s's boss.".formatted(surrogate));
    assertThat(sent.masked.restoration().restoreText("I wrote to " + surrogate + "."))
        .isEqualTo("I wrote to Maria Garcia.");
  }

  @Test
  void surrogate_ofThisConversation_isLeftUntouched() throws Exception {
    String surrogate =
        SurrogateMint.load().candidate(KEY, EntityType.PERSON, new Plaintext("Maria Garcia"), 0);
    Sent sent = send("Ask " + surrogate + ".", known(surrogate, "Maria Garcia"));
    assertThat(sent.inClientTexts).isEmpty();
    assertThat(sent.masked.restoration().restoreText(surrogate)).isEqualTo("Maria Garcia");
  }

  @Test
  void originalAndItsSurrogate_inOneRequest_areOne() throws Exception {
    Sent sent = send("Maria Garcia is Juliet Pons", MARIA);
    String surrogate = sent.masked.replacements().getFirst().surrogate();
    assertThat(sent.left).isEqualTo(surrogate + " is " + surrogate);
  }

  @Test
  void surrogates_ofAnyLengthBesideEachOther_areEditedWhereTheyStand() throws Exception {
    Known short1 = known("Bo", "Maximiliane Oberhuber");
    Known long1 = known("Wilhelmina Featherstone", "Al");
    Sent sent = send("Bo,Wilhelmina Featherstone;Bo Bo. end", short1, long1);
    String bo = sent.surrogateOf("Maximiliane Oberhuber");
    String al = sent.surrogateOf("Al");
    assertThat(sent.left).isEqualTo("%s,%s;%1$s %1$s. end".formatted(bo, al));
    assertThat(sent.masked.restoration().restoreText(sent.left))
        .isEqualTo("Maximiliane Oberhuber,Al;Maximiliane Oberhuber Maximiliane Oberhuber. end");
  }

  @Test
  void original_thatWouldJoinTheNextWord_isStillMasked() throws Exception {
    Known odd = known("Juliet Pons", "Maria 2");
    Sent sent = send("Juliet Pons.5", odd);
    assertThat(sent.left).doesNotContain("Maria");
  }

  @Test
  void original_thePolicyAllows_leavesTheSurrogateAsItWas() throws Exception {
    Known place = new Known(EntityType.LOCATION, "Lyon", new Plaintext("Porto"), true);
    Sent sent = send("in Lyon", place);
    assertThat(sent.left).isEqualTo("in Lyon");
  }

  @Test
  void known_ofReplacements_isWhatTheyStandFor() throws Exception {
    Sent sent = send("Maria Garcia is Juliet Pons", MARIA);
    assertThat(sent.resolved.known(sent.masked.replacements()))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.original()).isEqualTo(new Plaintext("Maria Garcia"));
              assertThat(one).asString().doesNotContain("Maria", one.surrogate());
            });
  }

  private record Sent(
      ResolvedTexts resolved, Masked masked, List<Replacement> inClientTexts, String left) {
    String surrogateOf(String original) {
      return resolved.known(masked.replacements()).stream()
          .filter(one -> one.original().equals(new Plaintext(original)))
          .findFirst()
          .orElseThrow()
          .surrogate();
    }
  }

  private static Sent send(String text, Known... known) throws UnmaskableException {
    ResolvedTexts resolved =
        new KnownSurrogates(List.of(known)).resolve(List.of(new Plaintext(text)));
    Masked masked =
        (Masked) ENGINE.mask(resolved.texts(), KEY, new Examination(resolved.over(BLIND), POLICY));
    List<Replacement> edits = new ArrayList<>(resolved.inClientTexts(masked.replacements()));
    StringBuilder left = new StringBuilder(text);
    for (Replacement r : edits.reversed()) {
      left.replace(r.start(), r.end(), r.surrogate());
    }
    return new Sent(resolved, masked, edits, left.toString());
  }

  private static Known known(String surrogate, String original) {
    return new Known(EntityType.PERSON, surrogate, new Plaintext(original), true);
  }
}
