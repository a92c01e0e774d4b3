package io.mantle.extproc.response;

import io.mantle.extproc.dialect.ChatCompletions;
import io.mantle.extproc.response.ChannelAddress.Step;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.TokenCounts;
import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.Edits;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import io.mantle.privacy.json.JsonText;
import io.mantle.privacy.json.MalformedJsonException;
import io.mantle.privacy.rehydrate.Rehydrator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Restores the chunks of one stream.
 *
 * <p>Each text that grows from chunk to chunk (a choice's content, a tool call's arguments, a field
 * invented tomorrow) is a channel with a {@link Rehydrator} of its own. What a channel still holds
 * when its choice ends is appended to the chunk that ends it, or where that chunk does not speak of
 * the channel, leaves in a chunk of its own before it. All other strings are restored as wholes.
 *
 * <p>Where the stream was asked for its usage on our account, what this added is taken out again.
 */
final class ChunkRestorer {
  /** More texts than a real answer grows at once; what is beyond them is restored as wholes. */
  private static final int CHANNELS_MAX = 4_096;

  private static final String DONE = "[DONE]";
  private static final byte[] EVENT_END = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final Call call;
  private final Map<ChannelAddress, Rehydrator> channels = new LinkedHashMap<>();
  private @Nullable JsonDocument lastChunk;
  private @Nullable TokenCounts tokens;

  ChunkRestorer(Call call) {
    this.call = call;
  }

  @Nullable TokenCounts tokens() {
    return tokens;
  }

  /** What leaves in place of an event: the very same bytes where nothing is to change. */
  byte[] restore(Event event) {
    if (event.data().isEmpty()) {
      return event.bytes();
    }
    byte[] payload = event.payload();
    JsonDocument chunk;
    try {
      chunk = JsonDocument.parse(payload);
    } catch (MalformedJsonException e) {
      return restoreText(event, payload);
    }
    TokenCounts counts = Usage.of(chunk);
    if (counts != null) {
      tokens = counts;
    }
    if (call.usageAdded() && counts != null && hasNoChoices(chunk)) {
      return new byte[0];
    }
    Edits edits = new Edits();
    if (call.usageAdded()) {
      removeNullUsage(chunk, edits);
    }
    byte[] before = new byte[0];
    if (!call.restoration().isEmpty()) {
      lastChunk = chunk;
      before = new ChunkEdit(chunk, edits).restore();
    }
    byte[] restored = edits.isEmpty() ? event.bytes() : event.withPayload(edits.applyTo(payload));
    return before.length == 0 ? restored : concat(before, restored);
  }

  /**
   * Ends the stream.
   *
   * @param rest what no blank line has ended; possibly nothing. No client dispatches it, but it may
   *     be all there is of an answer. Where it is a chunk, what is held comes after it; where it
   *     broke off, before it
   */
  byte[] finish(Event rest) {
    if (!isChunk(rest)) {
      return concat(flush(), restore(rest));
    }
    byte[] last = restore(rest);
    byte[] held = flush();
    return held.length == 0 ? last : concat(concat(last, EVENT_END), held);
  }

  private static boolean isChunk(Event event) {
    try {
      JsonDocument.parse(event.payload());
      return true;
    } catch (MalformedJsonException e) {
      return false;
    }
  }

  /** Chunks that say what is still held. */
  private byte[] flush() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    channels.forEach((address, channel) -> out.writeBytes(said(address, channel.finish())));
    channels.clear();
    return out.toByteArray();
  }

  private byte[] restoreText(Event event, byte[] payload) {
    String text = new String(payload, StandardCharsets.UTF_8);
    if (text.strip().equals(DONE)) {
      return concat(flush(), event.bytes());
    }
    String restored = call.restoration().restoreText(text);
    return restored.equals(text)
        ? event.bytes()
        : event.withPayload(restored.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean hasNoChoices(JsonDocument chunk) {
    int choices = chunk.member(chunk.root(), "choices");
    return choices >= 0
        && chunk.kind(choices) == JsonKind.ARRAY
        && chunk.firstChild(choices) == chunk.after(choices);
  }

  /** Takes {@code "usage":null} out, with the comma that came with it. */
  private static void removeNullUsage(JsonDocument chunk, Edits edits) {
    int root = chunk.root();
    if (chunk.kind(root) != JsonKind.OBJECT) {
      return;
    }
    int end = chunk.after(root);
    int previous = -1;
    for (int key = chunk.firstChild(root); key < end; key = chunk.after(key + 1)) {
      int value = key + 1;
      int next = chunk.after(value);
      if (chunk.kind(value) == JsonKind.NULL && chunk.is(key, "usage")) {
        int from = previous >= 0 ? chunk.bodyEnd(previous) : chunk.bodyStart(key);
        int to = previous < 0 && next < end ? chunk.bodyStart(next) : chunk.bodyEnd(value);
        edits.add(new Edit(from, to, new byte[0]));
        return;
      }
      previous = value;
    }
  }

  /** A chunk like the last one that says only this. */
  private byte[] said(ChannelAddress address, String text) {
    if (text.isEmpty()) {
      return new byte[0];
    }
    StringBuilder chunk = new StringBuilder("data: {");
    JsonDocument last = lastChunk;
    if (last != null && last.kind(last.root()) == JsonKind.OBJECT) {
      for (int key = last.firstChild(last.root());
          key < last.after(last.root());
          key = last.after(key + 1)) {
        if (Stream.of("id", "object", "created", "model").anyMatch(head(last, key))) {
          chunk.append(last.raw(key)).append(':').append(last.raw(key + 1)).append(',');
        }
      }
    }
    chunk.append("\"choices\":").append(address.choicesSaying(text)).append("}\n\n");
    return chunk.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Predicate<String> head(JsonDocument chunk, int key) {
    return name -> chunk.is(key, name);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** The edits of one chunk. */
  private final class ChunkEdit {
    private final JsonDocument chunk;
    private final Edits edits;
    private final Map<ChannelAddress, Piece> pieces = new LinkedHashMap<>();

    private ChunkEdit(JsonDocument chunk, Edits edits) {
      this.chunk = chunk;
      this.edits = edits;
    }

    /** The last piece of a channel in this chunk, and what it says now. */
    private record Piece(JsonText text, String restored) {}

    /** Makes the edits; returns what must leave before the chunk. */
    private byte[] restore() {
      ByteArrayOutputStream before = new ByteArrayOutputStream();
      int root = chunk.root();
      if (chunk.kind(root) == JsonKind.OBJECT) {
        for (int key = chunk.firstChild(root);
            key < chunk.after(root);
            key = chunk.after(key + 1)) {
          if (chunk.is(key, "choices") && chunk.kind(key + 1) == JsonKind.ARRAY) {
            restoreChoices(key + 1, before);
          } else {
            restoreWholes(key + 1);
          }
        }
      }
      pieces.values().forEach(piece -> edit(piece.text(), piece.restored()));
      return before.toByteArray();
    }

    private void restoreChoices(int choices, ByteArrayOutputStream before) {
      int position = 0;
      for (int choice = chunk.firstChild(choices);
          choice < chunk.after(choices);
          choice = chunk.after(choice), position++) {
        if (chunk.kind(choice) != JsonKind.OBJECT) {
          continue;
        }
        int index = index(choice, position);
        for (int key = chunk.firstChild(choice);
            key < chunk.after(choice);
            key = chunk.after(key + 1)) {
          if (chunk.is(key, "delta") && chunk.kind(key + 1) == JsonKind.OBJECT) {
            restoreDelta(new ChannelAddress(index, List.of()), key + 1);
          } else {
            restoreWholes(key + 1);
          }
        }
        int reason = chunk.member(choice, "finish_reason");
        if (reason >= 0 && chunk.kind(reason) == JsonKind.STRING) {
          finish(index, before);
        }
      }
    }

    private void restoreDelta(ChannelAddress at, int object) {
      for (int key = chunk.firstChild(object);
          key < chunk.after(object);
          key = chunk.after(key + 1)) {
        String member = chunk.text(key).value();
        ChannelAddress below = step(at, new Step.Member(member));
        int value = key + 1;
        switch (chunk.kind(value)) {
          case STRING -> {
            if (ChatCompletions.isPiece(member)) {
              restorePiece(below, member, chunk.text(value));
            } else {
              restoreWhole(value);
            }
          }
          case OBJECT -> restoreDelta(below, value);
          case ARRAY -> restoreElements(below, value);
          case KEY, NUMBER, TRUE, FALSE, NULL -> {}
        }
      }
    }

    private void restoreElements(ChannelAddress at, int array) {
      int position = 0;
      for (int element = chunk.firstChild(array);
          element < chunk.after(array);
          element = chunk.after(element), position++) {
        if (chunk.kind(element) == JsonKind.OBJECT) {
          restoreDelta(step(at, new Step.Element(index(element, position))), element);
        } else {
          restoreWholes(element);
        }
      }
    }

    private void restorePiece(ChannelAddress address, String member, JsonText text) {
      if (channels.size() == CHANNELS_MAX && !channels.containsKey(address)) {
        edit(text, call.restoration().restoreText(text.value()));
        return;
      }
      boolean jsonSource =
          ChatCompletions.isJsonSource(member)
              || (call.contentIsJson() && member.equals("content"));
      Rehydrator channel =
          channels.computeIfAbsent(
              address,
              _ -> jsonSource ? call.restoration().jsonSource() : call.restoration().text());
      Piece previous = pieces.put(address, new Piece(text, channel.accept(text.value())));
      if (previous != null) { // the member stands there twice
        edit(previous.text(), previous.restored());
      }
    }

    /** The choice says no more: what its channels hold leaves now. */
    private void finish(int choice, ByteArrayOutputStream before) {
      channels
          .entrySet()
          .removeIf(
              channel -> {
                ChannelAddress address = channel.getKey();
                if (address.choice() != choice) {
                  return false;
                }
                String held = channel.getValue().finish();
                Piece piece = pieces.get(address);
                if (piece == null) {
                  before.writeBytes(said(address, held));
                } else {
                  pieces.put(address, new Piece(piece.text(), piece.restored() + held));
                }
                return true;
              });
    }

    private void restoreWholes(int token) {
      for (int t = token; t < chunk.after(token); t++) {
        if (chunk.kind(t) == JsonKind.STRING || chunk.kind(t) == JsonKind.KEY) {
          restoreWhole(t);
        }
      }
    }

    private void restoreWhole(int string) {
      JsonText text = chunk.text(string);
      edit(text, call.restoration().restoreText(text.value()));
    }

    private void edit(JsonText text, String restored) {
      if (!restored.equals(text.value())) {
        edits.add(text.edit(0, text.value().length(), restored));
      }
    }

    private int index(int object, int position) {
      int index = chunk.member(object, "index");
      if (index < 0 || chunk.kind(index) != JsonKind.NUMBER) {
        return position;
      }
      try {
        return Integer.parseInt(chunk.raw(index));
      } catch (NumberFormatException e) {
        return position;
      }
    }

    private static ChannelAddress step(ChannelAddress at, Step step) {
      List<Step> steps = new ArrayList<>(at.steps().size() + 1);
      steps.addAll(at.steps());
      steps.add(step);
      return new ChannelAddress(at.choice(), steps);
    }
  }
}
