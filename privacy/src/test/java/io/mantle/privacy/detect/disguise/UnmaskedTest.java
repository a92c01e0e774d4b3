package io.mantle.privacy.detect.disguise;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a text is looked at a second time, without its disguise. */
class UnmaskedTest {
  private static final Detector RULES = Detectors.ofRules();
  private static final String PROSE = "Nothing here is of anybody's, or in disguise. ".repeat(40);

  @Test
  void pieces_ofDisguisesFarApart_areApartAndHoldLittleElse() {
    String text = PROSE + "jane%40example.org " + PROSE + "4\u200b111 1111 1111 1111. " + PROSE;
    List<Unmasked.Piece> pieces = pieces(text);
    assertThat(pieces).hasSize(2);
    assertThat(pieces).allSatisfy(piece -> assertThat(piece.passage().length()).isLessThan(600));
    assertThat(RULES.detect(new Plaintext(text)))
        .extracting(Span::type)
        .containsExactly(EntityType.EMAIL, EntityType.CREDIT_CARD);
  }

  @Test
  void pieces_ofDisguisesSideBySide_areOne() {
    assertThat(pieces(PROSE + "a%40b.org c%40d.org " + PROSE)).hasSize(1);
    assertThat(pieces("jane%40example.org")).hasSize(1);
  }

  /** A piece ends at a blank: else a long value would be cut where its disguise is far away. */
  @Test
  void pieces_ofALongWord_haveAllOfIt() {
    String key = "ghp_" + "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY2zA4".repeat(12);
    assertThat(pieces(PROSE + key + "%2e " + PROSE).getFirst().passage().text()).contains(key);
  }

  @Test
  void pieces_ofAMarkBetweenBlanks_areNone() {
    assertThat(pieces("Smith &amp; Sons, " + PROSE)).isEmpty();
    assertThat(pieces("Smith&amp;Sons, " + PROSE)).hasSize(1);
  }

  /** What made a value of it may stand farther away than a piece reaches. */
  @Test
  void detect_ofALongValueInDisguise_findsAllOfIt() {
    String line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n";
    String body = line.repeat(25);
    String key = "&#45;----BEGIN PRIVATE KEY-----\n" + body + "-----END PRIVATE KEY&#45;----";
    assertThat(masked(PROSE + key + PROSE)).doesNotContain("MIIEvQIBADAN");
    assertThat(masked(PROSE + "\uff0d----BEGIN PRIVATE KEY-----\n" + body + PROSE))
        .doesNotContain("MIIEvQIBADAN");
  }

  private static String masked(String text) {
    StringBuilder masked = new StringBuilder(text);
    for (Span span : RULES.detect(new Plaintext(text)).reversed()) {
      masked.replace(span.start(), span.end(), "#");
    }
    return masked.toString();
  }

  private static List<Unmasked.Piece> pieces(String text) {
    return requireNonNull(Unmasked.of(new Passage(text))).pieces();
  }
}
