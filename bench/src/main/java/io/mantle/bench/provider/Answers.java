package io.mantle.bench.provider;

import java.nio.charset.StandardCharsets;

/** The bytes of answers, in OpenAI's shapes. */
final class Answers {
  /**
   * Stands before the time at which a chunk was written, {@link System#nanoTime} of this machine.
   */
  static final String SENT_AT = "\"system_fingerprint\":\"t";

  private Answers() {}

  static byte[] whole(String text) {
    String body =
        """
        {"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"bench",\
        "choices":[{"index":0,"message":{"role":"assistant","content":"%s","refusal":null},"logprobs":null,\
        "finish_reason":"stop"}],"usage":{"prompt_tokens":250,"completion_tokens":250,"total_tokens":500}}\
        """
            .replace("%s", text);
    return bytes(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  static byte[] unknownModel() {
    return bytes("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
  }

  static String streamHead() {
    return "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
  }

  /** One event that says a piece of the text. */
  static String piece(String text, boolean usageAsked) {
    return chunk("{\"content\":\"" + text + "\"}", "null", usageAsked);
  }

  /** What comes after the last piece, and ends the HTTP body. */
  static String end(boolean usageAsked) {
    String usage =
        usageAsked
            ? event(
                """
                {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"bench",\
                "choices":[],"usage":{"prompt_tokens":250,"completion_tokens":250,"total_tokens":500}}""")
            : "";
    return chunk("{}", "\"stop\"", usageAsked) + usage + event("[DONE]") + "0\r\n\r\n";
  }

  private static String chunk(String delta, String finishReason, boolean usageAsked) {
    return event(
        "{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"bench\","
            + SENT_AT
            + System.nanoTime()
            + "\",\"choices\":[{\"index\":0,\"delta\":"
            + delta
            + ",\"logprobs\":null,\"finish_reason\":"
            + finishReason
            + "}]"
            + (usageAsked ? ",\"usage\":null}" : "}"));
  }

  /** An event, as one chunk of the HTTP body. */
  private static String event(String data) {
    int length = "data: ".length() + data.length() + "\n\n".length();
    return Integer.toHexString(length) + "\r\ndata: " + data + "\n\n\r\n";
  }

  static byte[] bytes(String latin) {
    return latin.getBytes(StandardCharsets.ISO_8859_1);
  }
}
