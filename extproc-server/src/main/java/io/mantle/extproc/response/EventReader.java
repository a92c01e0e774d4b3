package io.mantle.extproc.response;

import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.dialect.EventShape;
import io.mantle.extproc.response.Reading.Form;
import io.mantle.extproc.response.Reading.Naming;
import io.mantle.extproc.response.Reading.Piece;
import io.mantle.extproc.response.Reading.Place;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads off an event which texts it goes on with, as the dialect's {@link EventShape} has it. */
final class EventReader {
  /** Members of an event that may name a tool, where its call begins. */
  private static final List<String> NAMING = List.of("item", "content_block");

  private final Dialect dialect;
  private final boolean answerIsJson;

  EventReader(Dialect dialect, boolean answerIsJson) {
    this.dialect = dialect;
    this.answerIsJson = answerIsJson;
  }

  Reading read(JsonDocument event) {
    return switch (dialect.events()) {
      case EventShape.Choices shape -> new ChoicesReading(event, shape).read();
      case EventShape.TypedEvents shape -> typed(event, shape);
    };
  }

  private Form form(String member) {
    if (dialect.isJsonSource(member)) {
      return Form.JSON_SOURCE;
    }
    return dialect.isJsonAnswer(member, answerIsJson) ? Form.SHOWN_JSON_SOURCE : Form.TEXT;
  }

  private Reading typed(JsonDocument event, EventShape.TypedEvents shape) {
    List<Piece> pieces = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    List<Naming> namings = new ArrayList<>();
    String type = string(event, event.member(event.root(), "type"));
    List<String> scope = indexes(event);
    Channel toolCall = new Channel(scope, List.of());
    for (String member : NAMING) {
      int object = event.member(event.root(), member);
      if (object >= 0 && ToolCalls.isNamed(event, object)) {
        namings.add(new Naming(toolCall, ToolCalls.names(event, object)));
      }
    }
    int delta = event.member(event.root(), "delta");
    if (delta >= 0) {
      Channel channel = new Channel(scope, List.of()).member(type);
      switch (event.kind(delta)) {
        case STRING ->
            pieces.add(
                new Piece(
                    channel,
                    delta,
                    event.root(),
                    typedForm(type, shape),
                    shape.answers().contains(type),
                    toolCall));
        case OBJECT -> {
          if (type.endsWith(".delta")
              || string(event, event.member(delta, "type")).endsWith("_delta")) {
            addTyped(event, delta, channel, pieces, places);
          }
        }
        case ARRAY, KEY, NUMBER, TRUE, FALSE, NULL -> {}
      }
    }
    if (event.member(event.root(), "annotation") >= 0) {
      places.add(new Place.Citing(scope, event.root()));
    }
    if (shape.toolTextEnds().contains(type) || event.member(event.root(), "arguments") >= 0) {
      places.add(new Place.Calling(scope, event.root()));
    }
    boolean ending = shape.ends().stream().anyMatch(type::endsWith);
    return new Reading(
        pieces, places, namings, channel -> ending && channel.scope().containsAll(scope));
  }

  private Form typedForm(String type, EventShape.TypedEvents shape) {
    if (shape.jsonSources().contains(type)) {
      return Form.JSON_SOURCE;
    }
    if (shape.toolTexts().contains(type)) {
      return Form.TOOL_TEXT;
    }
    return answerIsJson && shape.answers().contains(type) ? Form.SHOWN_JSON_SOURCE : Form.TEXT;
  }

  private void addTyped(
      JsonDocument event, int delta, Channel channel, List<Piece> pieces, List<Place> places) {
    String type = string(event, event.member(delta, "type"));
    for (int key = event.firstChild(delta); key < event.after(delta); key = event.after(key + 1)) {
      String member = event.text(key).value();
      if (event.kind(key + 1) != JsonKind.STRING || member.equals("type")) {
        continue;
      }
      if (dialect.sealed().stream().anyMatch(signed -> signed.isSeal(type, member))) {
        places.add(new Place.Seal(channel.scope(), key + 1));
      } else {
        boolean covered =
            dialect.sealed().stream().anyMatch(signed -> signed.isCovered(type, member));
        pieces.add(
            new Piece(
                channel.member(type).member(member),
                key + 1,
                event.root(),
                covered ? Form.COVERED : form(member),
                false,
                new Channel(channel.scope(), List.of())));
      }
    }
  }

  /** What an event belongs to: all its indexes, in the order of their names. */
  private static List<String> indexes(JsonDocument event) {
    List<String> indexes = new ArrayList<>();
    int root = event.root();
    if (event.kind(root) == JsonKind.OBJECT) {
      for (int key = event.firstChild(root); key < event.after(root); key = event.after(key + 1)) {
        String member = event.text(key).value();
        if (member.equals("index") || member.endsWith("_index")) {
          indexes.add(member + '=' + event.raw(key + 1));
        }
      }
    }
    indexes.sort(Comparator.naturalOrder());
    return indexes;
  }

  private static String string(JsonDocument event, int token) {
    return token >= 0 && event.kind(token) == JsonKind.STRING ? event.text(token).value() : "";
  }

  /** A chunk of choices. */
  private final class ChoicesReading {
    private final JsonDocument chunk;
    private final EventShape.Choices shape;
    private final List<Piece> pieces = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private final List<Naming> namings = new ArrayList<>();
    private final Set<String> ended = new HashSet<>();

    private ChoicesReading(JsonDocument chunk, EventShape.Choices shape) {
      this.chunk = chunk;
      this.shape = shape;
    }

    private Reading read() {
      int root = chunk.root();
      if (chunk.kind(root) == JsonKind.OBJECT) {
        for (int key = chunk.firstChild(root);
            key < chunk.after(root);
            key = chunk.after(key + 1)) {
          if (chunk.is(key, "choices") && chunk.kind(key + 1) == JsonKind.ARRAY) {
            readChoices(key + 1);
          }
        }
      }
      return new Reading(
          pieces, places, namings, channel -> ended.contains(channel.scope().getFirst()));
    }

    private void readChoices(int choices) {
      int position = 0;
      for (int choice = chunk.firstChild(choices);
          choice < chunk.after(choices);
          choice = chunk.after(choice), position++) {
        if (chunk.kind(choice) == JsonKind.OBJECT) {
          readChoice(choice, index(choice, position));
        }
      }
    }

    private void readChoice(int choice, int index) {
      Channel channel = new Channel(List.of(Integer.toString(index)), List.of());
      for (int key = chunk.firstChild(choice);
          key < chunk.after(choice);
          key = chunk.after(key + 1)) {
        if (chunk.is(key, "delta") && chunk.kind(key + 1) == JsonKind.OBJECT) {
          readDelta(channel.member("delta"), key + 1, choice);
        } else if (chunk.is(key, "text") && chunk.kind(key + 1) == JsonKind.STRING) {
          pieces.add(new Piece(channel.member("text"), key + 1, choice, Form.TEXT, false, channel));
        }
      }
      int reason = chunk.member(choice, "finish_reason");
      if (reason >= 0 && chunk.kind(reason) == JsonKind.STRING) {
        ended.add(Integer.toString(index));
      }
    }

    private void readDelta(Channel at, int object, int choice) {
      if (ToolCalls.isNamed(chunk, object)) {
        namings.add(new Naming(at, ToolCalls.names(chunk, object)));
      }
      for (int key = chunk.firstChild(object);
          key < chunk.after(object);
          key = chunk.after(key + 1)) {
        String member = chunk.text(key).value();
        int value = key + 1;
        switch (chunk.kind(value)) {
          case STRING -> {
            if (!shape.wholes().contains(member)) {
              boolean cited = dialect.answerTexts().contains(member);
              Form form = isToolText(at, member) ? Form.TOOL_TEXT : form(member);
              pieces.add(new Piece(at.member(member), value, choice, form, cited, at));
            }
          }
          case OBJECT -> readDelta(at.member(member), value, choice);
          case ARRAY -> {
            if (member.equals("annotations")) {
              places.add(new Place.Citing(at.scope(), choice));
            } else {
              readElements(at.member(member), value, choice);
            }
          }
          case KEY, NUMBER, TRUE, FALSE, NULL -> {}
        }
      }
    }

    private boolean isToolText(Channel at, String member) {
      return member.equals("input")
          && at.steps().getLast() instanceof Channel.Step.Member(String holder)
          && holder.equals("custom");
    }

    private void readElements(Channel at, int array, int choice) {
      int position = 0;
      for (int element = chunk.firstChild(array);
          element < chunk.after(array);
          element = chunk.after(element), position++) {
        if (chunk.kind(element) == JsonKind.OBJECT) {
          readDelta(at.element(index(element, position)), element, choice);
        }
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
  }
}
