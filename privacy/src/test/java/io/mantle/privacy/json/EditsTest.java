package io.mantle.privacy.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EditsTest {
  private static final ObjectMapper JACKSON =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS);

  @Test
  void applyTo_noEdits_isTheSameArray() {
    byte[] body = "[]".getBytes(UTF_8);
    assertThat(new Edits().applyTo(body)).isSameAs(body);
  }

  @Test
  void applyTo_editsInAnyOrder_makesAll() {
    assertThat(apply("abcdef", edit(4, 5, "55"), edit(0, 1, ""), edit(2, 2, "+"), edit(6, 6, "!")))
        .isEqualTo("b+cd55f!");
    assertThat(apply("abc", edit(0, 3, "x"))).isEqualTo("x");
    assertThat(apply("", edit(0, 0, "x"))).isEqualTo("x");
  }

  @Test
  void applyTo_neighbours_doNotOverlap() {
    assertThat(apply("abcd", edit(1, 2, "1"), edit(2, 3, "2"), edit(1, 1, "<"), edit(3, 3, ">")))
        .isEqualTo("a<12>d");
    // insertions at one place stand in the order they came
    assertThat(apply("ab", edit(1, 1, "1"), edit(1, 1, "2"))).isEqualTo("a12b");
  }

  @Test
  void applyTo_overlapOrOutside_refusesAll() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> apply("abcd", edit(0, 2, ""), edit(1, 3, "")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> apply("abcd", edit(0, 3, ""), edit(1, 1, "x")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> apply("abcd", edit(1, 3, ""), edit(1, 3, "")));
    assertThatIllegalArgumentException().isThrownBy(() -> apply("abcd", edit(3, 5, "")));
    assertThatIllegalArgumentException().isThrownBy(() -> apply("abcd", edit(5, 5, "")));
    assertThatIllegalArgumentException().isThrownBy(() -> edit(-1, 0, ""));
    assertThatIllegalArgumentException().isThrownBy(() -> edit(2, 1, ""));
  }

  /** Random documents, spelled at random, edited at random at every depth. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void applyTo_randomEditsAtAnyDepth_isWhatAnotherReaderReads(long seed) throws Exception {
    for (int round = 0; round < 250; round++) {
      Random random = new Random(seed * 1000 + round);
      byte[] body = new Writer(random).body().getBytes(UTF_8);
      JsonDocument document = JsonDocument.parse(body);
      Rewriter rewriter = new Rewriter(random);
      Object expected = rewriter.value(document, document.root());
      Edits edits = new Edits();
      rewriter.made.forEach(edits::add);
      byte[] edited = edits.applyTo(body);
      String failing = "seed " + seed + ", round " + round;
      assertThat(read(edited, expected)).as(failing).isEqualTo(expected);
      assertUntouchedBytesAreTheSame(failing, body, edited, rewriter.made);
      JsonDocument.parse(edited);
    }
  }

  /** What a value is once edited; {@code null}s and nested documents as values of their own. */
  private record Nested(@Nullable Object document) {}

  private enum Literal {
    NULL
  }

  /** Walks a document, edits some of it, and says what must be read afterwards. */
  private static final class Rewriter {
    private final Random random;
    private final List<Edit> made = new ArrayList<>();
    private int keys;

    Rewriter(Random random) {
      this.random = random;
    }

    Object value(JsonDocument document, int token) {
      return switch (document.kind(token)) {
        case OBJECT -> {
          Map<String, Object> members = new LinkedHashMap<>();
          int end = document.after(token);
          for (int key = document.firstChild(token); key < end; key = document.after(key + 1)) {
            members.put(text(document.text(key), "key" + keys++), value(document, key + 1));
          }
          yield members;
        }
        case ARRAY -> {
          List<Object> elements = new ArrayList<>();
          int end = document.after(token);
          for (int item = document.firstChild(token); item < end; item = document.after(item)) {
            elements.add(value(document, item));
          }
          yield elements;
        }
        case STRING, KEY -> {
          JsonText text = document.text(token);
          JsonDocument inner = text.asDocument();
          yield inner != null
              ? new Nested(value(inner, inner.root()))
              : text(text, Writer.anyText(random));
        }
        case NUMBER -> {
          JsonText number = document.text(token);
          String digits = number.value();
          if (random.nextBoolean()) {
            digits = Integer.toString(random.nextInt());
            made.add(number.edit(0, number.value().length(), digits));
          }
          yield new BigInteger(digits);
        }
        case TRUE -> true;
        case FALSE -> false;
        case NULL -> Literal.NULL;
      };
    }

    private String text(JsonText text, String replacement) {
      StringBuilder said = new StringBuilder();
      int at = 0;
      for (int edits = random.nextInt(3); edits > 0; edits--) {
        int start = whole(text.value(), at + random.nextInt(text.value().length() - at + 1));
        int end = whole(text.value(), start + random.nextInt(text.value().length() - start + 1));
        if (start < at || end < start || (start == end && start == at && at > 0)) {
          continue;
        }
        made.add(text.edit(start, end, replacement));
        said.append(text.value(), at, start).append(replacement);
        at = end;
      }
      return said.append(text.value(), at, text.value().length()).toString();
    }

    /** The next place that is not between the halves of a character. */
    private static int whole(String text, int index) {
      return index > 0
              && index < text.length()
              && Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index))
          ? index + 1
          : index;
    }
  }

  /** Reads with Jackson; reads on in a string where {@code expected} has a document. */
  private static Object read(byte[] body, Object expected) throws Exception {
    return normalise(JACKSON.readValue(body, Object.class), expected);
  }

  private static Object normalise(@Nullable Object actual, @Nullable Object expected)
      throws Exception {
    if (actual instanceof Map<?, ?> members) {
      Map<Object, Object> normal = new LinkedHashMap<>();
      for (Map.Entry<?, ?> member : members.entrySet()) {
        Object of = expected instanceof Map<?, ?> map ? map.get(member.getKey()) : null;
        normal.put(member.getKey(), normalise(member.getValue(), of));
      }
      return normal;
    }
    if (actual instanceof List<?> elements) {
      List<Object> normal = new ArrayList<>();
      for (int i = 0; i < elements.size(); i++) {
        Object of = expected instanceof List<?> list && i < list.size() ? list.get(i) : null;
        normal.add(normalise(elements.get(i), of));
      }
      return normal;
    }
    if (actual instanceof String text && expected instanceof Nested(Object document)) {
      return new Nested(normalise(JACKSON.readValue(text, Object.class), document));
    }
    return actual == null ? Literal.NULL : actual;
  }

  private static void assertUntouchedBytesAreTheSame(
      String failing, byte[] body, byte[] edited, List<Edit> made) {
    List<Edit> inOrder = new ArrayList<>(made);
    inOrder.sort(Comparator.comparingInt(Edit::start).thenComparingInt(Edit::end));
    int at = 0;
    int shift = 0;
    for (Edit edit : inOrder) {
      assertThat(Arrays.equals(body, at, edit.start(), edited, at + shift, edit.start() + shift))
          .as(failing)
          .isTrue();
      shift += edit.replacement().length - (edit.end() - edit.start());
      at = edit.end();
    }
    assertThat(Arrays.equals(body, at, body.length, edited, at + shift, edited.length))
        .as(failing)
        .isTrue();
  }

  /** Writes a random document in one of the many ways that mean the same. */
  private static final class Writer {
    private static final List<String> PIECES =
        List.of(
            "a",
            "Anna",
            " ",
            "\"",
            "\\",
            "/",
            "\n",
            "\t",
            "\u0000",
            "\u001b",
            "\u007f",
            "\u00e9",
            "\u4e2d",
            "\ud83d\ude00",
            "\ud800",
            "\udc00",
            "\u2028",
            "{",
            "]",
            "\\u0041",
            "'");

    private final Random random;
    private int keys;

    Writer(Random random) {
      this.random = random;
    }

    static String anyText(Random random) {
      StringBuilder text = new StringBuilder();
      for (int pieces = random.nextInt(6); pieces > 0; pieces--) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      // A half beside another half would make a whole where the edit meets what stands.
      return text.append(text.isEmpty() ? "" : ".").insert(0, text.isEmpty() ? "" : ".").toString();
    }

    String body() {
      return space() + container(0, 0) + space();
    }

    private String value(int depth, int nesting) {
      return switch (random.nextInt(depth > 4 ? 6 : 9)) {
        case 0 -> "true";
        case 1 -> "false";
        case 2 -> "null";
        case 3 -> Integer.toString(random.nextInt());
        case 4, 5 -> string(anyText(random));
        case 6 -> nesting < 3 ? string(container(depth + 2, nesting + 1)) : string("deep");
        default -> container(depth + 1, nesting);
      };
    }

    private String container(int depth, int nesting) {
      boolean object = random.nextBoolean();
      StringBuilder text = new StringBuilder(object ? "{" : "[").append(space());
      for (int i = random.nextInt(5); i > 0; i--) {
        if (object) {
          // Jackson reads no half of a character in a name
          String name = anyText(random).replaceAll("\\p{Cs}", "");
          text.append(string("k" + keys++ + name)).append(space()).append(':');
          text.append(space());
        }
        text.append(value(depth, nesting)).append(space()).append(i > 1 ? "," : "").append(space());
      }
      return text.append(object ? "}" : "]").toString();
    }

    private String space() {
      return random.nextInt(4) == 0 ? " \t\n\r".substring(random.nextInt(5)) : "";
    }

    private String string(String text) {
      StringBuilder written = new StringBuilder("\"");
      for (int i = 0; i < text.length(); ) {
        int codePoint = text.codePointAt(i);
        boolean half = Character.getType(codePoint) == Character.SURROGATE;
        int way = random.nextInt(6);
        if (codePoint == '\n' && way > 2) {
          written.append("\\n");
        } else if ((codePoint == '"' || codePoint == '\\' || codePoint == '/') && way > 2) {
          written.append('\\').append((char) codePoint);
        } else if (half || way == 0 || codePoint < 0x20 || codePoint == '"' || codePoint == '\\') {
          for (char c : Character.toChars(codePoint)) {
            written.append(String.format(way > 2 ? "\\u%04x" : "\\u%04X", (int) c));
          }
        } else {
          written.appendCodePoint(codePoint);
        }
        i += Character.charCount(codePoint);
      }
      return written.append('"').toString();
    }
  }

  private static Edit edit(int start, int end, String replacement) {
    return new Edit(start, end, replacement.getBytes(UTF_8));
  }

  private static String apply(String body, Edit... made) {
    Edits edits = new Edits();
    Arrays.asList(made).forEach(edits::add);
    return new String(edits.applyTo(body.getBytes(UTF_8)), UTF_8);
  }
}
