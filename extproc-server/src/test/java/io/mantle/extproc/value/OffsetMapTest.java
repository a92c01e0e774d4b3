package io.mantle.extproc.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.rehydrate.Restoration;
import io.mantle.privacy.value.Plaintext;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetMapTest {
  private static final Restoration RESTORATION =
      new Restoration(
          List.of(
              new Restoration.Entry("Zoë Quist", new Plaintext("Jo"), true),
              new Restoration.Entry("z@x.example", new Plaintext("😀 joanna@corp.example"), true)));

  /** Every place outside of what was restored speaks of the same characters as before. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "none",
        "Zoë Quist",
        "😀 Zoë Quist, z@x.example.",
        "Zoë Zoë Quist Zoë",
        "z@x.example z@x.exampl z@x.example",
        "see Zoë Quist; Zoë Quistel 😀😀 and z@x.example"
      })
  void restored_unchangedStretch_isTheSameText(String text) {
    OffsetMap map = OffsetMap.of(text, RESTORATION);
    String restored = RESTORATION.restoreText(text);
    int points = text.codePointCount(0, text.length());
    for (int start = 0; start <= points; start++) {
      for (int end = start; end <= points; end++) {
        if (!map.changed(start, end)) {
          assertThat(part(restored, map.restored(start, true), map.restored(end, false)))
              .as("[%d,%d)", start, end)
              .isEqualTo(part(text, start, end));
        }
      }
    }
  }

  @Test
  void restored_surrogate_isItsValue() {
    String text = "😀 Zoë Quist, z@x.example.";
    OffsetMap map = OffsetMap.of(text, RESTORATION);
    String restored = RESTORATION.restoreText(text);
    assertThat(part(restored, map.restored(2, true), map.restored(11, false))).isEqualTo("Jo");
    assertThat(part(restored, map.restored(13, true), map.restored(24, false)))
        .isEqualTo("😀 joanna@corp.example");
    assertThat(part(restored, map.restored(5, true), map.restored(7, false))).isEqualTo("Jo");
    assertThat(map.changed(0, 2)).isFalse();
    assertThat(map.changed(1, 3)).isTrue();
  }

  private static String part(String text, int start, int end) {
    return text.substring(text.offsetByCodePoints(0, start), text.offsetByCodePoints(0, end));
  }
}
