package io.mantle.extproc.response;

import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.tokens.ModelTexts;
import io.mantle.extproc.tokens.SaidText;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.TokenCounts;
import io.mantle.privacy.json.Edits;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.MalformedJsonException;
import org.jspecify.annotations.Nullable;

/** An answer that is one JSON text: gathered, then restored string by string, at every depth. */
final class WholeJson implements BodyRestorer {
  /** Far above what a model can say; a provider that sends more is broken or hostile. */
  private static final int BODY_BYTES_MAX = 64 << 20;

  private final Call.Answer answer;
  private final Dialect dialect;
  private final Bytes body = new Bytes();
  private final UsageMeter usage = new UsageMeter();
  private final SaidText said = new SaidText();
  private final AnswerId answerId;

  WholeJson(Call.Answer answer, Dialect dialect) {
    this.answer = answer;
    this.dialect = dialect;
    this.answerId = new AnswerId(answer);
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
    usage.read(document);
    if (usage.counts() == null) {
      ModelTexts.addSaid(document, dialect, said);
    }
    answerId.read(document);
    if (answer.restoration().isEmpty() && !answer.scan().isOn() && dialect.sealed().isEmpty()) {
      return bytes;
    }
    Edits edits = new Edits();
    new ValueRestorer(answer, dialect, document, edits).restore();
    return edits.applyTo(bytes);
  }

  /** What calls itself JSON and is not, such as an empty body or a proxy's error page, is text. */
  private byte[] asText(byte[] bytes) throws RefusedException {
    PlainText text = new PlainText(answer.restoration());
    Bytes restored = new Bytes();
    restored.append(text.accept(bytes));
    restored.append(text.finish());
    return restored.takeAll();
  }

  /** Of what has not come to its end nobody has read anything. */
  @Override
  public SaidText said() {
    said.addUnread(body.length());
    return said;
  }

  @Override
  public @Nullable String answerId() {
    return answerId.id();
  }

  @Override
  public @Nullable TokenCounts tokens() {
    return usage.counts();
  }
}
