package io.mantle.extproc.dialect;

import io.mantle.extproc.value.Refusal;
import io.mantle.privacy.json.JsonText;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A refusal as OpenAI's clients read it: {@code {"error":{"message","type","param","code"}}}. */
public final class OpenAiErrors {

  private OpenAiErrors() {}

  /** The whole body of an error answer. */
  public static byte[] body(Refusal refusal) {
    return json(refusal).getBytes(StandardCharsets.UTF_8);
  }

  /** The last event of a stream that cannot go on. */
  public static byte[] event(Refusal refusal) {
    return ("event: error\ndata: " + json(refusal) + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String json(Refusal refusal) {
    return "{\"error\":{\"message\":"
        + quoted(refusal.message())
        + ",\"type\":"
        + quoted(refusal.type())
        + ",\"param\":"
        + quoted(refusal.param())
        + ",\"code\":"
        + quoted(refusal.code())
        + "}}";
  }

  private static String quoted(@Nullable String text) {
    return text == null ? "null" : '"' + JsonText.escape(text) + '"';
  }
}
