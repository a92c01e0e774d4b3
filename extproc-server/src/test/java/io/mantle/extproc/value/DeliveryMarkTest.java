package io.mantle.extproc.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryMarkTest {
  private static final DeliveryMark MARK = DeliveryMark.of(new byte[32], true);
  private static final String MARKED = MARK.mark("thought", "c2ln");

  @Test
  void mark_takenOff_givesTheValue() {
    assertThat(MARKED).startsWith("c2ln.");
    assertThat(MARK.unmark("thought", MARKED)).isEqualTo("c2ln");
    assertThat(MARK.unmark("", MARK.mark("", "\ud83d"))).isEqualTo("\ud83d");
  }

  @ParameterizedTest
  @CsvSource({"thoughts, c2ln", "thought, c2lm", "thoughtc, 2ln", "'', thoughtc2ln"})
  void mark_onOtherBytes_isNone(String covered, String value) {
    String moved = value + MARKED.substring(MARKED.indexOf('.'));
    assertThat(MARK.unmark(covered, moved)).isNull();
  }

  /** UTF-8 has no form for half a pair: encoders write one replacement for both of these. */
  @Test
  void mark_onAnotherLoneSurrogate_isNone() {
    String marked = MARK.mark("\ud800", "c2ln");
    assertThat(MARK.unmark("\ud800", marked)).isEqualTo("c2ln");
    assertThat(MARK.unmark("\udc00", marked)).isNull();
  }

  @Test
  void mark_ofAnotherTenantOrOfUnmaskedText_isNone() {
    byte[] other = new byte[32];
    other[31] = 1;
    assertThat(DeliveryMark.of(other, true).unmark("thought", MARKED)).isNull();
    assertThat(DeliveryMark.of(new byte[32], false).unmark("thought", MARKED)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"c2ln", "''", "c2ln.", "c2ln.AAAAAAAAAAAAAAAAAAAAAA", ".AAAAAAAAAAAAAAAAAAAAAA"})
  void value_withoutAMark_isNotOurs(String value) {
    assertThat(MARK.unmark("thought", value)).isNull();
  }
}
