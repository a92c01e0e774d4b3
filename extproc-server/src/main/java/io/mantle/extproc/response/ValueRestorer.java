package io.mantle.extproc.response;

import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.dialect.SealedObject;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.OffsetMap;
import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.Edits;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import io.mantle.privacy.json.JsonText;
import io.mantle.privacy.produced.Scanner;
import io.mantle.privacy.rehydrate.Rehydrator;
import io.mantle.privacy.rehydrate.Restoration;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Restores the values of one JSON text: each string and key at every depth, and what depends on
 * them.
 *
 * <ul>
 *   <li>What the provider signed stays, and gets the mark by which it is known again.
 *   <li>What a tool is called with stays where {@link ToolCalls} says so.
 *   <li>Entries of {@code logprobs} that speak of a surrogate are dropped: there are none for what
 *       the client reads in its place.
 *   <li>{@code start_index} and {@code end_index} of annotations are set to where the cited
 *       characters are now; {@code start_char_index} and {@code end_char_index} to where they are
 *       in the document that the client sent.
 * </ul>
 */
final class ValueRestorer {
  /** Members in which a model speaks; others hold ids, words of the API and what was asked. */
  private static final Set<String> SCANNED =
      Set.of(
          "content",
          "text",
          "refusal",
          "reasoning",
          "reasoning_content",
          "transcript",
          "arguments",
          "partial_json",
          "output");

  /**
   * What is known of an object beside what stands in it.
   *
   * @param changed whether a text of it was changed or held back, so that no entry of {@code
   *     logprobs} fits
   * @param offsets of the text that its annotations cite, or null
   * @param ofTool whether it is of what a tool is called with
   */
  record Context(boolean changed, @Nullable OffsetMap offsets, boolean ofTool) {
    static final Context NONE = new Context(false, null);
    private static final Context OF_TOOL = new Context(false, null, true);

    Context(boolean changed, @Nullable OffsetMap offsets) {
      this(changed, offsets, false);
    }
  }

  private static final Set<String> STARTS = Set.of("start_index", "start_char_index");
  private static final Set<String> ENDS = Set.of("end_index", "end_char_index");

  private final Call.Answer answer;
  private final Dialect dialect;
  private final JsonDocument document;
  private final Edits edits;
  private final Set<Integer> elsewhere;
  private final Map<Integer, Context> contexts;
  private final Map<Integer, Boolean> calling;
  private final ToolCalls toolCalls;

  /**
   * For a part of a text.
   *
   * @param elsewhere strings that are restored elsewhere
   * @param contexts what is known of objects
   * @param calling objects that say what a tool is called with, and not which, to whether values
   *     are restored in that
   * @param toolCalls knows the stream's
   */
  ValueRestorer(
      Call.Answer answer,
      Dialect dialect,
      JsonDocument document,
      Edits edits,
      Set<Integer> elsewhere,
      Map<Integer, Context> contexts,
      Map<Integer, Boolean> calling,
      ToolCalls toolCalls) {
    this.answer = answer;
    this.dialect = dialect;
    this.document = document;
    this.edits = edits;
    this.elsewhere = elsewhere;
    this.contexts = contexts;
    this.calling = calling;
    this.toolCalls = toolCalls;
  }

  /** For a text that is whole. */
  ValueRestorer(Call.Answer answer, Dialect dialect, JsonDocument document, Edits edits) {
    this(
        answer,
        dialect,
        document,
        edits,
        Set.of(),
        Map.of(),
        Map.of(),
        new ToolCalls(answer, document));
  }

  void restore() {
    // What is masked is no restoration, by which logprobs would be told: none of them stays then.
    value(document.root(), "", new Context(answer.scan().isOn(), null));
  }

  private void value(int token, String member, Context context) {
    switch (document.kind(token)) {
      case OBJECT -> object(token, known(token, context));
      case ARRAY -> {
        if (Logprobs.isOne(document, token, member)) {
          new Logprobs(document, token).drop(answer.restoration(), context.changed(), edits);
        } else {
          for (int element = document.firstChild(token);
              element < document.after(token);
              element = document.after(element)) {
            value(element, member, context);
          }
        }
      }
      case STRING -> string(token, member, context.ofTool());
      case NUMBER -> {
        OffsetMap offsets = context.offsets();
        if (offsets != null && (STARTS.contains(member) || ENDS.contains(member))) {
          offset(token, STARTS.contains(member), offsets);
        }
      }
      case KEY, TRUE, FALSE, NULL -> {}
    }
  }

  private Context known(int object, Context around) {
    Context known = contexts.get(object);
    return known == null
        ? around
        : new Context(known.changed() || answer.scan().isOn(), known.offsets(), known.ofTool());
  }

  private void object(int object, Context around) {
    OffsetMap cited = citedDocument(object);
    members(object, cited == null ? around : new Context(around.changed(), cited, around.ofTool()));
  }

  private void members(int object, Context context) {
    SealedObject sealed = dialect.sealedIn(document, object);
    if (LegacyLogprobs.isOne(document, object)) {
      new LegacyLogprobs(document, object).drop(answer.restoration(), context.changed(), edits);
      return;
    }
    for (int key = document.firstChild(object);
        key < document.after(object);
        key = document.after(key + 1)) {
      JsonText name = document.text(key);
      String member = name.value();
      int value = key + 1;
      edit(
          name,
          context.ofTool()
              ? answer.restoration().inToolText(member)
              : answer.restoration().inText(member));
      if (!context.ofTool() && isArgument(object, member)) {
        if (restoresIn(object)) {
          argument(value, member);
        }
        continue;
      }
      if (ToolCalls.isArgumentOfOwnTool(document, object, member) && !restoresIn(object)) {
        continue;
      }
      if (sealed != null && member.equals(sealed.covered())) {
        continue;
      }
      if (sealed != null && sealed.seals().contains(member)) {
        mark(object, value, sealed);
      } else if (member.equals("annotations") && context.offsets() == null) {
        value(value, member, new Context(context.changed(), cited(object, value)));
      } else {
        value(value, member, context);
      }
    }
  }

  private boolean isArgument(int object, String member) {
    return ToolCalls.isArgument(document, object, member)
        || (member.equals("input") && calling.containsKey(object));
  }

  private boolean restoresIn(int object) {
    Boolean known = calling.get(object);
    return known == null ? toolCalls.restores(ToolCalls.names(document, object)) : known;
  }

  /** What a tool is called with: JSON as it is, the source of one, or text. */
  private void argument(int value, String member) {
    if (elsewhere.contains(value)) {
      return;
    }
    if (document.kind(value) != JsonKind.STRING) {
      if (answer.scan().isOn()) {
        argumentSource(value);
      } else {
        value(value, member, Context.OF_TOOL);
      }
      return;
    }
    JsonText text = document.text(value);
    boolean isSource = dialect.isJsonSource(member);
    if (answer.scan().isOn()) {
      edit(
          text,
          isSource
              ? scanned(answer.restoration().jsonSource(), answer.scan().jsonSource(), text.value())
              : scanned(answer.restoration().toolText(), answer.scan().text(), text.value()));
    } else {
      edit(
          text,
          isSource
              ? answer.restoration().inJsonSource(text.value())
              : answer.restoration().inToolText(text.value()));
    }
  }

  /** As in a stream, which says it as a source. */
  private void argumentSource(int value) {
    String source = document.raw(value);
    String now = scanned(answer.restoration().jsonSource(), answer.scan().jsonSource(), source);
    if (!now.equals(source)) {
      edits.add(
          new Edit(
              document.bodyStart(value),
              document.bodyEnd(value),
              now.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static String scanned(Rehydrator restorer, Scanner scanner, String text) {
    GrowingText whole = new GrowingText(restorer, scanner);
    return whole.accept(text) + whole.finish();
  }

  /** Of the document that a citation names by its place in the request; null where it is none. */
  private @Nullable OffsetMap citedDocument(int object) {
    int index = answer.documents().isEmpty() ? -1 : document.member(object, "document_index");
    if (index < 0 || document.kind(index) != JsonKind.NUMBER) {
      return null;
    }
    for (int i = 0; i < answer.documents().size(); i++) {
      if (document.raw(index).equals(Integer.toString(i))) {
        return answer.documents().get(i);
      }
    }
    return null;
  }

  /** Of the text that annotations beside it cite; null where there is none. */
  private @Nullable OffsetMap cited(int object, int annotations) {
    if (document.kind(annotations) != JsonKind.ARRAY
        || document.firstChild(annotations) == document.after(annotations)) {
      return null;
    }
    for (String member : List.of("text", "content")) {
      int text = document.member(object, member);
      if (text >= 0 && document.kind(text) == JsonKind.STRING) {
        return OffsetMap.of(document.text(text).value(), answer.restoration());
      }
    }
    return null;
  }

  private void offset(int number, boolean atStart, OffsetMap offsets) {
    try {
      int offset = Integer.parseInt(document.raw(number));
      int restored = offsets.restored(offset, atStart);
      if (restored != offset) {
        edits.add(
            new Edit(
                document.bodyStart(number),
                document.bodyEnd(number),
                Integer.toString(restored).getBytes(StandardCharsets.US_ASCII)));
      }
    } catch (NumberFormatException e) {
      // No offset of a text: it stays.
    }
  }

  /** Marks what the provider signed; an empty value says nothing yet. */
  private void mark(int object, int token, SealedObject sealed) {
    if (document.kind(token) != JsonKind.STRING || elsewhere.contains(token)) {
      return;
    }
    JsonText value = document.text(token);
    if (value.value().isEmpty()) {
      return;
    }
    int covered = sealed.covered() == null ? -1 : document.member(object, sealed.covered());
    String vouchedFor =
        covered >= 0 && document.kind(covered) == JsonKind.STRING
            ? document.text(covered).value()
            : "";
    edit(value, answer.mark().mark(vouchedFor, value.value()));
  }

  private void string(int token, String member, boolean ofTool) {
    if (elsewhere.contains(token)) {
      return;
    }
    JsonText text = document.text(token);
    if (ofTool) {
      edit(text, answer.restoration().restoreJsonString(text.value()));
    } else if (answer.scan().isOn() && SCANNED.contains(member)) {
      edit(text, scanned(text.value(), member));
    } else if (dialect.isJsonSource(member)) {
      edit(text, answer.restoration().inJsonSource(text.value()));
    } else if (dialect.isJsonAnswer(member, answer.isJson())) {
      edit(text, answer.restoration().inShownJsonSource(text.value()));
    } else {
      edit(text, answer.restoration().inText(text.value()));
    }
  }

  private String scanned(String text, String member) {
    if (dialect.isJsonSource(member)) {
      return scanned(answer.restoration().jsonSource(), answer.scan().jsonSource(), text);
    }
    return dialect.isJsonAnswer(member, answer.isJson())
        ? scanned(answer.restoration().shownJsonSource(), answer.scan().jsonSource(), text)
        : scanned(answer.restoration().text(), answer.scan().text(), text);
  }

  /** Whether a growing text is media in letters, in which nothing is said. */
  static boolean isMedia(Channel.Step step) {
    return switch (step) {
      case Channel.Step.Member(String name) -> name.equals("data") || name.endsWith("audio.delta");
      case Channel.Step.Element _ -> false;
    };
  }

  private void edit(JsonText text, List<Restoration.Replaced> replaced) {
    for (Restoration.Replaced stretch : replaced) {
      edits.add(text.edit(stretch.start(), stretch.end(), stretch.by()));
    }
  }

  private void edit(JsonText text, String restored) {
    if (!restored.equals(text.value())) {
      edits.add(text.editTo(restored));
    }
  }
}
