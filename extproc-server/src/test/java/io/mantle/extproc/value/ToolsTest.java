package io.mantle.extproc.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolsTest {
  private static final Tools OPEN =
      new Tools(Set.of("mail", "search", "crm"), Map.of("search", false, "stored", true));
  private static final Tools NARROW =
      new Tools(Set.of("mail", "search", "crm"), Map.of(Tools.OTHERS, false, "mail", true));

  /** The answer names a tool, and perhaps the server that lent it. */
  @ParameterizedTest
  @CsvSource({
    "mail, mail, true, true",
    "search, search, false, false",
    "stored, stored, true, false",
    "other, other, false, false",
    "lookup, crm, true, false",
    "search, crm, false, false",
    "lookup, other, false, false"
  })
  void restores_declaredOrNamed_unlessLeft(
      String tool, String server, boolean open, boolean narrow) {
    assertThat(OPEN.restores(tool.equals(server) ? Set.of(tool) : Set.of(tool, server)))
        .isEqualTo(open);
    assertThat(NARROW.restores(tool.equals(server) ? Set.of(tool) : Set.of(tool, server)))
        .isEqualTo(narrow);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void restores_toolThatTheAnswerDoesNotName_not(boolean others) {
    assertThat(new Tools(Set.of("mail"), Map.of(Tools.OTHERS, others)).restores(Set.of()))
        .isFalse();
  }
}
