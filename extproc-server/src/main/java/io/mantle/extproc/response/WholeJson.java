package io.mantle.extproc.response;

import io.mantle.extproc.dialect.ChatCompletions;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.TokenCounts;
import io.mantle.privacy.json.Edits;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonText;
import io.mantle.privacy.json.MalformedJsonException;
import io.mantle.privacy.rehydrate.Restoration;
import org.jspecify.annotations.Nullable;

/** An answer that is one JSON text: gathered, then restored string by string, at every depth. */
final class WholeJson implements BodyRestorer {
  /** Far above what a model can say; a provider that sends more is broken or hostile. */
  private static final int BODY_BYTES_MAX = 64 << 20;

  private final Restoration restoration;
  private final boolean contentIsJson;
  private final Bytes body = new Bytes();
  private @Nullable TokenCounts tokens;

  WholeJson(Restoration restoration, boolean contentIsJson) {
    this.restoration = restoration;
    this.contentIsJson = contentIsJson;
  }

  @Override
  public byte[] accept(byte[] piece) throws RefusedException {
    if (body.length() + (long) piece.length > BODY_BYTES_MAX) {
      throw new RefusedException(
          new Refusal(
              502, "api_error", "answer_too_large", "The answer is too large.", null, false));
    }
    body.append(piece);
    return new byte[0];
  }

  @Override
  public byte[] finish() throws RefusedException {
    byte[] bytes = body.takeAll();
    JsonDocument document;
    try {
      document = JsonDocument.parse(bytes);
    } catch (MalformedJsonException e) {
      return asText(bytes);
    }
    tokens = Usage.of(document);
    if (restoration.isEmpty()) {
      return bytes;
    }
    Edits edits = new Edits();
    String member = "";
    for (int token = document.root(); token < document.size(); token++) {
      switch (document.kind(token)) {
        case KEY -> {
          JsonText key = document.text(token);
          member = key.value();
          restore(key, "", edits);
        }
        case STRING -> restore(document.text(token), member, edits);
        case OBJECT, ARRAY, NUMBER, TRUE, FALSE, NULL -> {}
      }
    }
    return edits.applyTo(bytes);
  }

  private void restore(JsonText text, String member, Edits edits) {
    String value = text.value();
    boolean jsonSource =
        ChatCompletions.isJsonSource(member) || (contentIsJson && member.equals("content"));
    String restored =
        jsonSource ? restoration.restoreJsonSource(value) : restoration.restoreText(value);
    if (!restored.equals(value)) {
      edits.add(text.edit(0, value.length(), restored));
    }
  }

  /** What calls itself JSON and is not, such as an empty body or a proxy's error page, is text. */
  private byte[] asText(byte[] bytes) throws RefusedException {
    PlainText text = new PlainText(restoration);
    Bytes restored = new Bytes();
    restored.append(text.accept(bytes));
    restored.append(text.finish());
    return restored.takeAll();
  }

  @Override
  public @Nullable TokenCounts tokens() {
    return tokens;
  }
}
