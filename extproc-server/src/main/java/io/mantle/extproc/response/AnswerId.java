package io.mantle.extproc.response;

import io.mantle.extproc.dialect.ProviderIds;
import io.mantle.extproc.value.Call;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import org.jspecify.annotations.Nullable;

/**
 * Reads the id under which the provider stores an answer off its body or its events: at the root or
 * in the {@code response} there. Looks for it only where it is to be kept.
 */
final class AnswerId {
  private final boolean wanted;
  private @Nullable String id;

  AnswerId(Call.Answer answer) {
    this.wanted = answer.isKept();
  }

  void read(JsonDocument document) {
    if (!wanted || id != null) {
      return;
    }
    int root = document.root();
    int response = document.member(root, "response");
    int member = document.member(response >= 0 ? response : root, "id");
    if (member >= 0 && document.kind(member) == JsonKind.STRING) {
      String text = document.text(member).value();
      id = ProviderIds.isResponse(text) ? text : null;
    }
  }

  /** The id; null where it was not told, or is not wanted. */
  @Nullable String id() {
    return id;
  }
}
