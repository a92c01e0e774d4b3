package io.mantle.extproc.response;

import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.dialect.EventShape;
import io.mantle.extproc.response.Reading.Form;
import io.mantle.extproc.response.Reading.Naming;
import io.mantle.extproc.response.Reading.Piece;
import io.mantle.extproc.response.Reading.Place;
import io.mantle.extproc.response.ValueRestorer.Context;
import io.mantle.extproc.tokens.ModelTexts;
import io.mantle.extproc.tokens.SaidText;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.OffsetMap;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.TokenCounts;
import io.mantle.privacy.json.Edits;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonText;
import io.mantle.privacy.json.MalformedJsonException;
import io.mantle.privacy.produced.Scanner;
import io.mantle.privacy.rehydrate.Rehydrator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Restores the events of one stream.
 *
 * <p>Each text that grows from event to event (a choice's content, a tool call's arguments, a field
 * invented tomorrow) is a channel with a {@link Rehydrator} of its own. What a channel still holds
 * when it ends is appended to the event that ends it, or where that event does not speak of the
 * channel, leaves in an event of its own before it. All other strings are restored as wholes.
 *
 * <p>Where the stream was asked for its usage on our account, what this added is taken out again.
 */
final class EventRestorer {
  private static final String DONE = "[DONE]";
  private static final byte[] EVENT_END = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final Call.Answer answer;
  private final Dialect dialect;
  private final StreamLimits limits;
  private final EventReader reader;
  private final HeldText heldText;
  private final UsageMeter usage = new UsageMeter();
  private final SaidText said = new SaidText();
  private final AnswerId answerId;
  private final Map<Channel, Growing> channels = new LinkedHashMap<>();

  private final RememberedText remembered;

  private final ToolCalls toolCalls;

  /** Whether values go into what is called, for each call whose tool was named. */
  private final Map<Channel, Boolean> called = new HashMap<>();

  private boolean over;

  EventRestorer(Call.Answer answer, Dialect dialect, StreamLimits limits) {
    this.answer = answer;
    this.dialect = dialect;
    this.limits = limits;
    this.remembered = new RememberedText(limits);
    this.answerId = new AnswerId(answer);
    this.toolCalls = new ToolCalls(answer);
    this.reader = new EventReader(dialect, answer.isJson());
    this.heldText =
        switch (dialect.events()) {
          case EventShape.Choices _ -> new HeldText.InChunks();
          case EventShape.TypedEvents _ -> new HeldText.InTypedEvents();
        };
  }

  /** A channel's state, and the last event that spoke of it. */
  private static final class Growing {
    private final GrowingText text;
    private HeldText.@Nullable Spoken last;

    private Growing(GrowingText text) {
      this.text = text;
    }
  }

  /** How much of what was said is held back, in all channels. */
  long heldChars() {
    long held = 0;
    for (Growing growing : channels.values()) {
      held += growing.text.heldChars();
    }
    return held;
  }

  SaidText said() {
    return said;
  }

  @Nullable String answerId() {
    return answerId.id();
  }

  /** Whether the last event of a chat was there, after which clients leave without the end. */
  boolean isOver() {
    return over;
  }

  @Nullable TokenCounts tokens() {
    return usage.counts();
  }

  /**
   * What leaves in place of an event: the very same bytes where nothing is to change.
   *
   * @throws RefusedException if the stream says more than is remembered; nothing may leave after it
   */
  byte[] restore(Event event) throws RefusedException {
    if (event.data().isEmpty()) {
      return event.bytes();
    }
    byte[] payload = event.payload();
    JsonDocument document;
    try {
      document = JsonDocument.parse(payload);
    } catch (MalformedJsonException e) {
      return restoreText(event, payload);
    }
    answerId.read(document);
    boolean told = usage.read(document);
    if (answer.usageAdded() && told && AddedUsage.isAllOf(document)) {
      return new byte[0];
    }
    Edits edits = new Edits();
    if (answer.usageAdded()) {
      AddedUsage.removeNull(document, edits);
    }
    ModelTexts.addGrowing(document, dialect, said);
    byte[] before = new byte[0];
    if (!answer.restoration().isEmpty() || answer.scan().isOn() || !dialect.sealed().isEmpty()) {
      before = new EventEdit(event, document, reader.read(document), edits).restore();
    }
    byte[] restored = edits.isEmpty() ? event.bytes() : event.withPayload(edits.applyTo(payload));
    return before.length == 0 ? restored : concat(before, restored);
  }

  /**
   * Ends the stream.
   *
   * @param rest what no blank line has ended; possibly nothing. No client dispatches it, but it may
   *     be all there is of an answer. Where it is an event, what is held comes after it; where it
   *     broke off, before it
   */
  byte[] finish(Event rest) throws RefusedException {
    if (!isJson(rest)) {
      return concat(flush(), restore(rest));
    }
    byte[] last = restore(rest);
    byte[] held = flush();
    return held.length == 0 ? last : concat(concat(last, EVENT_END), held);
  }

  private static boolean isJson(Event event) {
    try {
      JsonDocument.parse(event.payload());
      return true;
    } catch (MalformedJsonException e) {
      return false;
    }
  }

  /** Events that say what is still held. */
  private byte[] flush() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    channels.forEach(
        (channel, growing) -> out.writeBytes(sayHeld(channel, growing, growing.text.finish())));
    channels.clear();
    return out.toByteArray();
  }

  private byte[] sayHeld(Channel channel, Growing growing, String held) {
    return held.isEmpty() || growing.last == null
        ? new byte[0]
        : heldText.event(channel, growing.last, held);
  }

  private byte[] restoreText(Event event, byte[] payload) {
    String text = new String(payload, StandardCharsets.UTF_8);
    if (text.strip().equals(DONE)) {
      over = true;
      return concat(flush(), event.bytes());
    }
    String restored = answer.restoration().restoreText(text);
    return restored.equals(text)
        ? event.bytes()
        : event.withPayload(restored.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** The edits of one event. */
  private final class EventEdit {
    private final Event event;
    private final JsonDocument document;
    private final Reading reading;
    private final Edits edits;

    /** The last piece of a channel in this event, and what it says now. */
    private final Map<Channel, Restored> restored = new LinkedHashMap<>();

    private final Map<Integer, Context> contexts = new HashMap<>();
    private final Set<Integer> elsewhere = new HashSet<>();
    private final Map<Integer, Boolean> calling = new HashMap<>();

    private EventEdit(Event event, JsonDocument document, Reading reading, Edits edits) {
      this.event = event;
      this.document = document;
      this.reading = reading;
      this.edits = edits;
    }

    private record Restored(JsonText text, String now) {}

    /** Makes the edits; returns what must leave before the event. */
    private byte[] restore() throws RefusedException {
      if (toolCalls.leaves(document)) {
        heldText.number(document, edits);
        return new byte[0];
      }
      for (Naming naming : reading.namings()) {
        if (called.size() < limits.textsMax() || called.containsKey(naming.toolCall())) {
          called.put(naming.toolCall(), toolCalls.restores(naming.names()));
        }
      }
      for (Piece piece : reading.pieces()) {
        restorePiece(piece);
      }
      byte[] before = end();
      restored.values().forEach(piece -> edit(piece.text(), piece.now()));
      reading.places().forEach(this::note);
      heldText.number(document, edits);
      new ValueRestorer(answer, dialect, document, edits, elsewhere, contexts, calling, toolCalls)
          .restore();
      return before;
    }

    private void restorePiece(Piece piece) throws RefusedException {
      JsonText text = document.text(piece.token());
      elsewhere.add(piece.token());
      if (piece.form() == Form.COVERED) {
        remembered.cover(piece.channel().scope(), text.value());
        return;
      }
      if (isOfATool(piece.form()) && !restoresIn(piece.toolCall())) {
        return;
      }
      if (piece.cited()) {
        remembered.cite(piece.channel().scope(), text.value());
      }
      Channel channel = piece.channel();
      if (channels.size() == limits.textsMax() && !channels.containsKey(channel)) {
        throw RememberedText.tooLarge();
      }
      Growing growing =
          channels.computeIfAbsent(
              channel, _ -> new Growing(new GrowingText(rehydrator(piece.form()), scanner(piece))));
      boolean held = growing.text.holds();
      String now = growing.text.accept(text.value());
      if (held || !now.equals(text.value())) {
        contexts.put(piece.within(), new Context(true, null));
      }
      growing.last = new HeldText.Spoken(event, document, piece.token());
      Restored previous = restored.put(channel, new Restored(text, now));
      if (previous != null) { // the member stands there twice
        edit(previous.text(), previous.now());
      }
    }

    private Rehydrator rehydrator(Form form) {
      return switch (form) {
        case JSON_SOURCE -> answer.restoration().jsonSource();
        case TOOL_TEXT -> answer.restoration().toolText();
        case SHOWN_JSON_SOURCE -> answer.restoration().shownJsonSource();
        case TEXT, COVERED -> answer.restoration().text();
      };
    }

    private @Nullable Scanner scanner(Piece piece) {
      if (!answer.scan().isOn() || ValueRestorer.isMedia(piece.channel().steps().getLast())) {
        return null;
      }
      return switch (piece.form()) {
        case JSON_SOURCE, SHOWN_JSON_SOURCE -> answer.scan().jsonSource();
        case TEXT, TOOL_TEXT, COVERED -> answer.scan().text();
      };
    }

    private static boolean isOfATool(Form form) {
      return switch (form) {
        case JSON_SOURCE, TOOL_TEXT -> true;
        case TEXT, SHOWN_JSON_SOURCE, COVERED -> false;
      };
    }

    /** Not where the answer has not said which tool it is: nobody has declared that one. */
    private boolean restoresIn(Channel toolCall) {
      return called.getOrDefault(toolCall, false);
    }

    /** What says no more after this event says now what it holds. */
    private byte[] end() {
      ByteArrayOutputStream before = new ByteArrayOutputStream();
      channels
          .entrySet()
          .removeIf(
              entry -> {
                Channel channel = entry.getKey();
                if (!reading.ends().test(channel)) {
                  return false;
                }
                String held = entry.getValue().text.finish();
                Restored piece = restored.get(channel);
                if (piece == null) {
                  before.writeBytes(sayHeld(channel, entry.getValue(), held));
                } else {
                  restored.put(channel, new Restored(piece.text(), piece.now() + held));
                }
                return true;
              });
      return before.toByteArray();
    }

    private void note(Place place) {
      switch (place) {
        case Place.Seal(List<String> scope, int token) -> {
          JsonText seal = document.text(token);
          elsewhere.add(token);
          if (!seal.value().isEmpty()) {
            edit(seal, answer.mark().mark(remembered.covered(scope), seal.value()));
          }
        }
        case Place.Citing(List<String> scope, int object) -> {
          boolean changed = contexts.getOrDefault(object, Context.NONE).changed();
          OffsetMap offsets = OffsetMap.of(remembered.cited(scope), answer.restoration());
          contexts.put(object, new Context(changed, offsets));
        }
        case Place.Calling(List<String> scope, int object) -> {
          if (!ToolCalls.isNamed(document, object)) {
            calling.put(object, restoresIn(new Channel(scope, List.of())));
          }
        }
      }
    }

    private void edit(JsonText text, String now) {
      if (!now.equals(text.value())) {
        edits.add(text.editTo(now));
      }
    }
  }
}
