package io.mantle.bench.provider;

import io.mantle.bench.prompt.Prompt;
import io.mantle.bench.prompt.Prompts;
import org.jspecify.annotations.Nullable;

/**
 * A request's body as it came, a char for each byte. Read by looking for what {@link Prompt}
 * writes, which costs less than parsing.
 */
record Request(String body) {
  private static final String MODEL = "\"model\":\"";
  private static final String USER = "\"user\",\"content\":\"";

  /** The prompt that this was made of, or null where it names none. */
  @Nullable Prompt prompt() {
    return Prompts.named(between(MODEL, "\"")).orElse(null);
  }

  boolean leaks(Prompt prompt) {
    for (String value : prompt.privateValues()) {
      if (body.contains(value)) {
        return true;
      }
    }
    return false;
  }

  String firstLine() {
    return between(USER, "\\n");
  }

  boolean usageAsked() {
    return body.contains("\"include_usage\":true");
  }

  private String between(String before, String after) {
    int start = body.indexOf(before);
    int end = start < 0 ? -1 : body.indexOf(after, start + before.length());
    return end < 0 ? "" : body.substring(start + before.length(), end);
  }
}
