package io.mantle.extproc.response;

import io.mantle.extproc.value.TokenCounts;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an answer cost off its body or its events: {@code usage}, at the root or in the {@code
 * message} or {@code response} there. What comes later is more than what came before, and replaces
 * it. The one of a {@code message} is of its beginning: it tells the prompt's tokens and hardly any
 * of the answer's.
 */
final class UsageMeter {
  private static final String BEGUN = "message";
  private static final String OVER = "response";
  private static final List<String> CACHED =
      List.of("cache_creation_input_tokens", "cache_read_input_tokens");

  private int prompt = -1;
  private int completion = -1;
  private int cached;
  private int reasoning;
  private boolean over;

  /** Reads a body or an event; whether it told of usage at its root. */
  boolean read(JsonDocument document) {
    int root = document.root();
    boolean told = readUsage(document, document.member(root, "usage"));
    if (readHeld(document, OVER) || told) {
      over = true;
    }
    readHeld(document, BEGUN);
    return told;
  }

  private boolean readHeld(JsonDocument document, String holder) {
    int held = document.member(document.root(), holder);
    return held >= 0 && readUsage(document, document.member(held, "usage"));
  }

  /**
   * What was told, as an estimate where it was only of the beginning; null where it was nothing.
   */
  @Nullable TokenCounts counts() {
    return prompt < 0
        ? null
        : new TokenCounts(prompt, Math.max(0, completion), cached, reasoning, !over);
  }

  private boolean readUsage(JsonDocument document, int usage) {
    if (usage < 0 || document.kind(usage) != JsonKind.OBJECT) {
      return false;
    }
    int read = count(document, usage, "prompt_tokens");
    if (read < 0) {
      read = count(document, usage, "input_tokens");
      for (String cached : CACHED) {
        read += read < 0 ? 0 : Math.max(0, count(document, usage, cached));
      }
    }
    int written = count(document, usage, "completion_tokens");
    if (written < 0) {
      written = count(document, usage, "output_tokens");
    }
    cached =
        Math.max(
            cached,
            Math.max(
                count(document, usage, "cache_read_input_tokens"),
                detail(
                    document,
                    usage,
                    List.of("prompt_tokens_details", "input_tokens_details"),
                    "cached_tokens")));
    reasoning =
        Math.max(
            reasoning,
            detail(
                document,
                usage,
                List.of("completion_tokens_details", "output_tokens_details"),
                "reasoning_tokens"));
    prompt = read < 0 ? prompt : read;
    completion = written < 0 ? completion : written;
    return read >= 0 || written >= 0;
  }

  /** A part of a count; it stands in an object beside it, under one of these names. */
  private static int detail(JsonDocument document, int usage, List<String> holders, String member) {
    for (String holder : holders) {
      int details = document.member(usage, holder);
      if (details >= 0 && document.kind(details) == JsonKind.OBJECT) {
        return count(document, details, member);
      }
    }
    return -1;
  }

  private static int count(JsonDocument document, int usage, String member) {
    int token = document.member(usage, member);
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
