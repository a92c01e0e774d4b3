package io.mantle.privacy.rehydrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.rehydrate.Restoration.Entry;
import io.mantle.privacy.value.Plaintext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A channel tells where it put values, however its text is cut. */
class RestoredLastTest {
  private static final String ORIGINAL = "Jos\u00e9 \"J\" Ruiz";
  private static final Restoration RESTORATION =
      new Restoration(List.of(new Entry("Anna Lee", new Plaintext(ORIGINAL), true)));

  @Test
  void text_cutAnywhere_tellsEachValue() {
    assertTold(RESTORATION::text, "Anna Lee met Anna, then Anna Lee", List.of(ORIGINAL, ORIGINAL));
  }

  @Test
  void jsonSource_cutAnywhere_tellsEachValueAsItIsEscapedThere() {
    String once = ORIGINAL.replace("\"", "\\\"");
    String twice = once.replace("\\", "\\\\").replace("\"", "\\\"");
    assertTold(
        RESTORATION::jsonSource,
        "{\"to\":\"Anna Lee\",\"body\":\"{\\\"to\\\":\\\"an Anna Lee\\\"}\",\"n\":1}",
        List.of(once, twice));
  }

  private static void assertTold(Supplier<Rehydrator> channel, String text, List<String> expected) {
    for (int first = 0; first <= text.length(); first++) {
      for (int second = first; second <= text.length(); second++) {
        Rehydrator rehydrator = channel.get();
        List<String> told = new ArrayList<>();
        tell(rehydrator.accept(text.substring(0, first)), rehydrator, told);
        tell(rehydrator.accept(text.substring(first, second)), rehydrator, told);
        tell(rehydrator.accept(text.substring(second)), rehydrator, told);
        tell(rehydrator.finish(), rehydrator, told);
        assertThat(told).as("cut at %d and %d", first, second).isEqualTo(expected);
      }
    }
  }

  private static void tell(String said, Rehydrator rehydrator, List<String> told) {
    rehydrator.restoredLast().forEach(at -> told.add(said.substring(at.start(), at.end())));
  }
}
