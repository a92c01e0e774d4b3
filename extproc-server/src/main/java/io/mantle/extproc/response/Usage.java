package io.mantle.extproc.response;

import io.mantle.extproc.value.TokenCounts;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import org.jspecify.annotations.Nullable;

/** Reads {@code usage} off an answer or a chunk. */
final class Usage {

  private Usage() {}

  static @Nullable TokenCounts of(JsonDocument document) {
    int usage = document.member(document.root(), "usage");
    if (usage < 0) {
      return null;
    }
    int prompt = count(document, document.member(usage, "prompt_tokens"));
    int completion = count(document, document.member(usage, "completion_tokens"));
    return prompt < 0 || completion < 0 ? null : new TokenCounts(prompt, completion);
  }

  private static int count(JsonDocument document, int token) {
    if (token < 0 || document.kind(token) != JsonKind.NUMBER) {
      return -1;
    }
    try {
      return Integer.parseInt(document.raw(token));
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
