package io.mantle.privacy.rehydrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.rehydrate.LinkGuard.Verdict;
import io.mantle.privacy.value.EntityType;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the guard passes over quickly changes nothing of what it knows. */
class LinkGuardTest {
  private static final int TEXTS = 3_000;
  private static final int PARTS_MAX = 80;

  /** What begins and ends links, and what stands around; runs of each letter are drawn too. */
  private static final List<String> PARTS =
      List.of(
          "/",
          "//",
          "\\",
          ":",
          "://",
          ".",
          "www.",
          "WWW",
          "w",
          "http",
          "https",
          "ftp",
          "s",
          "p",
          "https://named.example/",
          "https://evil.example/",
          "named.example",
          "evil.example",
          " ",
          "\t",
          "\n",
          "\r\n",
          "\u00a0",
          "\u3000",
          "&#47;",
          "&#x2f;",
          "&#47",
          "&#0000000000000047",
          "&sol;",
          "&colon;",
          "&#38;",
          "&#3",
          "&#56;",
          "&",
          "#",
          ";",
          "\\/",
          "\\n",
          "\\u002f",
          "\\u003a",
          "\\u0073",
          "=",
          "\"",
          "'",
          "=\"",
          "(",
          ")",
          "](",
          "]:",
          "<",
          ">",
          "`",
          "?q=",
          "@",
          "0",
          "\u00e9",
          "\u017f",
          "a",
          "in prose. ");

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void text_inAnyPieces_isReadAsCharacterByCharacter(boolean json) {
    Random random = new Random(5);
    int within = 0;
    for (int i = 0; i < TEXTS; i++) {
      String text = text(random);
      LinkGuard plain = guard(json);
      LinkGuard quick = guard(json);
      int at = 0;
      while (at < text.length()) {
        int end =
            Math.min(text.length(), at + 1 + random.nextInt(random.nextBoolean() ? 8 : 2_000));
        quick.passed(text, at, end);
        for (; at < end; at++) {
          plain.passed(text.charAt(at));
        }
        within += verdict(plain, EntityType.PERSON, -1) == Verdict.WITHHOLD ? 1 : 0;
        for (int next : new int[] {-2, -1, '/', 'x', ')'}) {
          for (EntityType type : new EntityType[] {EntityType.PERSON, EntityType.URL}) {
            assertThat(verdict(quick, type, next))
                .describedAs("seed text %d, %d of it: %s", i, at, text)
                .isEqualTo(verdict(plain, type, next));
          }
        }
        assertThat(quick.host()).isEqualTo(plain.host());
      }
    }
    assertThat(within).isGreaterThan(TEXTS / 2);
  }

  /** All of it is one long stretch, so that what is remembered is its end alone. */
  @Test
  void text_afterWhiteSpaceOfAnyLength_isReadAsCharacterByCharacter() {
    for (int spaces = 0; spaces < 200; spaces++) {
      for (String before : List.of("", "<img src=", "<img src=\"", "a".repeat(spaces) + "\"")) {
        String text = before + " ".repeat(spaces) + "\nhttps://evil.example/?q= ";
        LinkGuard plain = guard(false);
        LinkGuard quick = guard(false);
        quick.passed(text, 0, text.length());
        text.chars().forEach(c -> plain.passed((char) c));
        assertThat(verdict(quick, EntityType.PERSON, 'x'))
            .describedAs("%d spaces after <%s>", spaces, before)
            .isEqualTo(verdict(plain, EntityType.PERSON, 'x'))
            .isEqualTo(before.endsWith("=\"") ? Verdict.WITHHOLD : Verdict.RESTORE);
      }
    }
  }

  @Test
  void quote_whoseBeginningIsForgotten_isTakenForAnAttributes() {
    String text = "<img src=" + "\\ ".repeat(SeenText.CHARS_MAX) + "\"https://evil.example/ ";
    LinkGuard guard = guard(false);
    guard.passed(text, 0, text.length());
    assertThat(verdict(guard, EntityType.PERSON, 'x')).isEqualTo(Verdict.WITHHOLD);
  }

  private static Verdict verdict(LinkGuard guard, EntityType type, int next) {
    return guard.verdict(type, next);
  }

  private static LinkGuard guard(boolean json) {
    return new LinkGuard(Set.of("named.example"), RestorationPolicy.DEFAULT, json);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int parts = random.nextInt(PARTS_MAX); parts >= 0; parts--) {
      String part = PARTS.get(random.nextInt(PARTS.size()));
      boolean run = part.length() == 1 && random.nextInt(6) == 0;
      text.append(part.repeat(run ? 1 + random.nextInt(150) : 1));
    }
    return text.toString();
  }
}
