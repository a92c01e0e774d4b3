package io.mantle.extproc.response;

import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.Edits;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of our own, for what a channel holds when it ends and no event of the provider's is
 * left to say it. Used by one thread at a time.
 */
sealed interface HeldText {

  /** An event that spoke of a channel, and the token with which it did. */
  record Spoken(Event event, JsonDocument document, int token) {}

  /** An event that says just {@code text} on that channel. */
  byte[] event(Channel channel, Spoken last, String text);

  /** Sees an event of the provider's, after those of ours that go before it. */
  void number(JsonDocument event, Edits edits);

  /** A chunk with what names the answer, and nothing else of the last one. */
  final class InChunks implements HeldText {
    private static final Set<String> NAMES = Set.of("id", "object", "created", "model");

    @Override
    public byte[] event(Channel channel, Spoken last, String text) {
      JsonDocument spoken = last.document();
      StringBuilder chunk = new StringBuilder("data: {");
      for (int key = spoken.firstChild(spoken.root());
          key < spoken.after(spoken.root());
          key = spoken.after(key + 1)) {
        if (NAMES.contains(spoken.text(key).value())) {
          chunk.append(spoken.raw(key)).append(':').append(spoken.raw(key + 1)).append(',');
        }
      }
      String saying = channel.saying(text);
      chunk
          .append("\"choices\":[{\"index\":")
          .append(channel.scope().getFirst())
          .append(',')
          .append(saying, 1, saying.length() - 1)
          .append(",\"finish_reason\":null}]}\n\n");
      return chunk.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void number(JsonDocument event, Edits edits) {}
  }

  /**
   * The last event of the channel, saying something else. Where events are numbered, ours take the
   * next numbers, and those that follow move on.
   */
  final class InTypedEvents implements HeldText {
    private static final String NUMBER = "sequence_number";

    private long lastNumber = -1;
    private long inserted;

    @Override
    public byte[] event(Channel channel, Spoken last, String text) {
      JsonDocument spoken = last.document();
      Edits edits = new Edits();
      var said = spoken.text(last.token());
      edits.add(said.edit(0, said.value().length(), text));
      int logprobs = spoken.member(spoken.root(), "logprobs");
      if (logprobs >= 0 && spoken.kind(logprobs) == JsonKind.ARRAY) {
        edits.add(replace(spoken, logprobs, "[]"));
      }
      int number = spoken.member(spoken.root(), NUMBER);
      if (number >= 0) {
        inserted++;
        edits.add(replace(spoken, number, Long.toString(lastNumber + inserted)));
      }
      return last.event().withPayload(edits.applyTo(last.event().payload()));
    }

    @Override
    public void number(JsonDocument event, Edits edits) {
      int token = event.member(event.root(), NUMBER);
      Long number = token < 0 ? null : number(event, token);
      if (number == null) {
        return;
      }
      lastNumber = number;
      if (inserted > 0) {
        edits.add(replace(event, token, Long.toString(number + inserted)));
      }
    }

    private static @Nullable Long number(JsonDocument event, int token) {
      try {
        return event.kind(token) == JsonKind.NUMBER ? Long.valueOf(event.raw(token)) : null;
      } catch (NumberFormatException e) {
        return null;
      }
    }

    private static Edit replace(JsonDocument document, int token, String text) {
      return new Edit(
          document.bodyStart(token),
          document.bodyEnd(token),
          text.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
