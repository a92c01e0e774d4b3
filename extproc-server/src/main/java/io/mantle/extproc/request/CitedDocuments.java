package io.mantle.extproc.request;

import io.mantle.extproc.request.BodyTexts.BodyText;
import io.mantle.extproc.value.OffsetMap;
import io.mantle.extproc.value.OffsetMap.Change;
import io.mantle.privacy.Masking;
import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import io.mantle.privacy.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The documents of a request that an answer may cite by character (Anthropic's API reference,
 * "Citations"), and where a character of what the provider read stands in what the client sent.
 */
final class CitedDocuments {
  private final JsonDocument body;
  private final List<BodyText> texts;
  private final List<Masking.Replacement> replacements;
  private final List<OffsetMap> found = new ArrayList<>();

  private CitedDocuments(
      JsonDocument body, List<BodyText> texts, List<Masking.Replacement> replacements) {
    this.body = body;
    this.texts = texts;
    this.replacements = replacements;
  }

  /**
   * Finds them: every document block of the messages, in order, those in tools' results included.
   *
   * @param texts of the body
   * @param replacements what leaves in their place
   */
  static List<OffsetMap> of(
      JsonDocument body, List<BodyText> texts, List<Masking.Replacement> replacements) {
    CitedDocuments documents = new CitedDocuments(body, texts, replacements);
    int messages = body.member(body.root(), "messages");
    if (!replacements.isEmpty() && messages >= 0) {
      documents.find(messages);
    }
    return documents.found;
  }

  private void find(int container) {
    boolean isObject = body.kind(container) == JsonKind.OBJECT;
    if (!isObject && body.kind(container) != JsonKind.ARRAY) {
      return;
    }
    if (body.says(body.member(container, "type"), "document")) {
      int source = body.member(container, "source");
      boolean isText = source >= 0 && body.says(body.member(source, "type"), "text");
      int data = isText ? body.member(source, "data") : -1;
      found.add(OffsetMap.of(data >= 0 ? changes(data) : List.of()));
      return;
    }
    for (int child = body.firstChild(container);
        child < body.after(container);
        child = body.after(child)) {
      find(isObject ? ++child : child);
    }
  }

  /** What was replaced in a string of the body, JSON texts within it included. */
  private List<Change> changes(int token) {
    if (body.kind(token) != JsonKind.STRING) {
      return List.of();
    }
    JsonText text = body.text(token);
    List<Change> changes = new ArrayList<>();
    int shift = 0;
    for (Edit edit : edits(token)) {
      int start = points(text, edit.start());
      int end = points(text, edit.end());
      String inString = '"' + new String(edit.replacement(), StandardCharsets.UTF_8) + '"';
      String surrogate = JsonText.unescape(inString);
      int length = surrogate.codePointCount(0, surrogate.length());
      changes.add(new Change(start + shift, start + shift + length, start, end));
      shift += length - (end - start);
    }
    return changes;
  }

  private List<Edit> edits(int token) {
    return replacements.stream()
        .filter(r -> texts.get(r.text()).token() == token)
        .map(r -> texts.get(r.text()).text().edit(r.start(), r.end(), r.surrogate()))
        .sorted(Comparator.comparingInt(Edit::start))
        .toList();
  }

  /** How many code points of the text stand before that place in the body. */
  private static int points(JsonText text, int bodyOffset) {
    int low = 0;
    int high = text.value().length();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (text.bodyOffset(middle) < bodyOffset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return text.value().codePointCount(0, low);
  }
}
