package io.mantle.extproc.dialect;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where text lives in a chat completion, in both directions.
 *
 * <p>Everything is text unless it is named here: a field that is invented tomorrow is inspected.
 * The API reference of OpenAI ("Create chat completion", "The chat completion chunk object") is the
 * source of the names.
 */
public final class ChatCompletions {

  private ChatCompletions() {}

  /** Members of the request's root that are read here, and so may stand there only once. */
  public static final Set<String> READ_ONCE =
      Set.of(
          "model", "messages", "stream", "stream_options", "response_format", "user", "metadata");

  /**
   * The API's own words, as values and as keys, those of JSON Schema among them. A text that is one
   * of them says nothing of anybody.
   */
  private static final Set<String> API_WORDS =
      Set.of(
          // Keys of the request and the answer.
          "messages",
          "model",
          "role",
          "content",
          "name",
          "stream",
          "stream_options",
          "include_usage",
          "temperature",
          "top_p",
          "n",
          "max_tokens",
          "max_completion_tokens",
          "presence_penalty",
          "frequency_penalty",
          "logit_bias",
          "logprobs",
          "top_logprobs",
          "user",
          "metadata",
          "store",
          "seed",
          "tools",
          "tool_choice",
          "tool_calls",
          "tool_call_id",
          "parallel_tool_calls",
          "function",
          "function_call",
          "functions",
          "arguments",
          "parameters",
          "description",
          "strict",
          "type",
          "id",
          "index",
          "response_format",
          "json_schema",
          "schema",
          "reasoning_effort",
          "reasoning_content",
          "verbosity",
          "service_tier",
          "modalities",
          "audio",
          "refusal",
          "text",
          "image_url",
          "url",
          "detail",
          "input_audio",
          "data",
          "format",
          "file",
          "file_data",
          "file_id",
          "filename",
          "prediction",
          "safety_identifier",
          "prompt_cache_key",
          "web_search_options",
          "choices",
          "delta",
          "message",
          "finish_reason",
          "object",
          "created",
          "usage",
          "prompt_tokens",
          "completion_tokens",
          "total_tokens",
          "prompt_tokens_details",
          "completion_tokens_details",
          "cached_tokens",
          "audio_tokens",
          "reasoning_tokens",
          "accepted_prediction_tokens",
          "rejected_prediction_tokens",
          "system_fingerprint",
          "annotations",
          "error",
          "param",
          "code",
          "obfuscation",
          // Values.
          "system",
          "developer",
          "assistant",
          "stop",
          "tool",
          "auto",
          "none",
          "required",
          "low",
          "medium",
          "high",
          "minimal",
          "default",
          "flex",
          "priority",
          "json_object",
          "length",
          "content_filter",
          "chat.completion",
          "chat.completion.chunk",
          "wav",
          "mp3",
          // JSON Schema.
          "string",
          "number",
          "integer",
          "boolean",
          "array",
          "null",
          "properties",
          "items",
          "enum",
          "const",
          "additionalProperties",
          "anyOf",
          "oneOf",
          "allOf",
          "not",
          "$ref",
          "$defs",
          "$schema",
          "title",
          "examples",
          "minimum",
          "maximum",
          "pattern",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "uniqueItems");

  /** Ids that a provider minted and a client sends back: random letters and digits, both. */
  private static final Pattern PROVIDER_ID =
      Pattern.compile(
          "(?:call|chatcmpl|msg|fc|file|req|toolu|resp|rs)[-_]"
              + "(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{16,64}");

  /** Whether {@code text} is one of the API's own words. */
  public static boolean isApiWord(String text) {
    return API_WORDS.contains(text);
  }

  /**
   * Whether {@code member} holds an id, and {@code text} has the shape of one that a provider
   * minted.
   */
  public static boolean isProviderId(String member, String text) {
    return (member.equals("id") || member.endsWith("_id")) && PROVIDER_ID.matcher(text).matches();
  }

  private static final String BASE64 = ";base64,";

  /**
   * Whether {@code text} is media, which nobody here can read: a {@code data:} URL in base64, or
   * base64 where {@code member} of {@code parent} holds a file. What only claims to be media is
   * text.
   */
  public static boolean isMedia(String parent, String member, String text) {
    int comma = text.startsWith("data:") ? text.indexOf(',') : -1;
    if (comma >= 0) {
      int start = comma + 1;
      return start >= BASE64.length()
          && text.startsWith(BASE64, start - BASE64.length())
          && isBase64(text, start);
    }
    return ((parent.equals("input_audio") && member.equals("data"))
            || (parent.equals("file") && member.equals("file_data")))
        && isBase64(text, 0);
  }

  private static boolean isBase64(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean digit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!digit && "+/-_=\r\n".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether {@code member} holds the source of a JSON text, which a model may write piece by piece.
   */
  public static boolean isJsonSource(String member) {
    return member.equals("arguments");
  }

  /**
   * Members of a chunk's choice whose text goes on from one chunk to the next, below {@code delta}:
   * all but these.
   */
  private static final Set<String> WHOLE_IN_DELTA =
      Set.of("role", "id", "type", "name", "tool_call_id");

  /**
   * Whether a string at {@code member} somewhere below a choice's {@code delta} is a piece of a
   * longer one.
   */
  public static boolean isPiece(String member) {
    return !WHOLE_IN_DELTA.contains(member);
  }
}
