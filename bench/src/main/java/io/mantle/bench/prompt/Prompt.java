package io.mantle.bench.prompt;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A chat request, and what must come of it.
 *
 * @param model names the delivery and the prompt, so that the provider knows both without a header
 * @param text of the one user message; its first line is what the provider repeats
 * @param privateValues those of the first line, which the provider must not see and the client must
 *     get back
 */
public record Prompt(String model, Delivery delivery, String text, List<String> privateValues) {

  /** The request's body. */
  public byte[] body() {
    String stream = delivery == Delivery.WHOLE ? "" : ",\"stream\":true";
    return """
        {"model":"%s"%s,"messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"%s"}]}\
        """
        .formatted(model, stream, text.replace("\n", "\\n"))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** What the client must read, to the letter. */
  public String answer() {
    return answerTo(text.substring(0, text.indexOf('\n')));
  }

  /** What the provider says to the first line that it received. */
  public static String answerTo(String firstLine) {
    return "Here is what I understood: " + firstLine;
  }
}
