package io.mantle.extproc.response;

import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a stream said so far, by scope, and as the provider said it: what annotations may cite, and
 * what a signature may cover. Not thread-safe.
 */
final class RememberedText {
  private final StreamLimits limits;
  private final Map<List<String>, StringBuilder> cited = new HashMap<>();
  private final Map<List<String>, StringBuilder> covered = new HashMap<>();
  private int chars;

  RememberedText(StreamLimits limits) {
    this.limits = limits;
  }

  /** Remembers what may be cited; beyond {@code citedCharsMax} of a scope, nothing. */
  void cite(List<String> scope, String text) throws RefusedException {
    remember(cited, scope, text, limits.citedCharsMax());
  }

  /** Remembers what a signature may cover. */
  void cover(List<String> scope, String text) throws RefusedException {
    remember(covered, scope, text, Integer.MAX_VALUE);
  }

  /** What may be cited in that scope, or in what it is a part of. */
  String cited(List<String> scope) {
    return in(cited, scope);
  }

  /** What a signature in that scope may cover. */
  String covered(List<String> scope) {
    return in(covered, scope);
  }

  /** The refusal of a stream that says more than is remembered. */
  static RefusedException tooLarge() {
    return new RefusedException(
        new Refusal(502, "api_error", "answer_too_large", "The answer is too large.", null, false));
  }

  private void remember(
      Map<List<String>, StringBuilder> said, List<String> scope, String text, int charsMax)
      throws RefusedException {
    if (said.size() == limits.textsMax() && !said.containsKey(scope)) {
      throw tooLarge();
    }
    StringBuilder before = said.computeIfAbsent(scope, _ -> new StringBuilder());
    if (before.length() + (long) text.length() > charsMax) {
      return;
    }
    if (chars + (long) text.length() > limits.rememberedCharsMax()) {
      throw tooLarge();
    }
    before.append(text);
    chars += text.length();
  }

  private static String in(Map<List<String>, StringBuilder> said, List<String> scope) {
    for (Map.Entry<List<String>, StringBuilder> text : said.entrySet()) {
      if (scope.containsAll(text.getKey())) {
        return text.getValue().toString();
      }
    }
    return "";
  }
}
