package io.mantle.extproc.scripted;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Streams of chunks: what a client puts together of them, and how a provider takes text apart. */
public final class SpokenText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SpokenText() {}

  /** Channel ({@code 0.content}, {@code 1.tool_calls[0].arguments}) to all that was said on it. */
  public static Map<String, String> heard(byte[] stream) {
    Map<String, String> heard = new TreeMap<>();
    for (String line : new String(stream, UTF_8).split("\n", -1)) {
      if (line.startsWith("data: {")) {
        for (JsonNode choice : read(line.substring("data: ".length())).path("choices")) {
          hear(heard, choice.path("index").asInt(), choice.path("delta"));
        }
      }
    }
    return heard;
  }

  private static void hear(Map<String, String> heard, int choice, JsonNode delta) {
    for (String member : List.of("content", "reasoning_content", "refusal")) {
      if (delta.path(member).isTextual()) {
        heard.merge(choice + "." + member, delta.get(member).asText(), String::concat);
      }
    }
    for (JsonNode call : delta.path("tool_calls")) {
      heard.merge(
          choice + ".tool_calls[" + call.path("index").asInt() + "].arguments",
          call.at("/function/arguments").asText(),
          String::concat);
    }
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text in quotes, as JSON has it. */
  public static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cuts a text into pieces, never within a character. */
  public static List<String> pieces(String text, Random random, int charsMax) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(text.length(), from + random.nextInt(1, charsMax + 1));
      if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) {
        to++;
      }
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }

  /** An event that says a piece of a choice's content. */
  public static String content(int choice, String piece) {
    return event(choice, "{\"content\":" + quoted(piece) + "}");
  }

  /** An event that says a piece of what the tool {@code f} is called with. */
  public static String arguments(int choice, String piece) {
    return event(
        choice,
        "{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":"
            + quoted(piece)
            + "}}]}");
  }

  private static String event(int choice, String delta) {
    return "data: {\"choices\":[{\"index\":" + choice + ",\"delta\":" + delta + "}]}\n\n";
  }

  /** The event that ends a choice. */
  public static String finish(int choice) {
    return "data: {\"choices\":[{\"index\":"
        + choice
        + ",\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  }
}
