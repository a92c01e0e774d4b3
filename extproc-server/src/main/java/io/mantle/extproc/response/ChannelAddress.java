package io.mantle.extproc.response;

import io.mantle.privacy.json.JsonText;
import java.util.List;

/**
 * Where the pieces of one growing text stand: a choice, and the way to it below that choice's
 * {@code delta}.
 *
 * @param steps at least one, the first a member; an element is always followed by a member
 */
record ChannelAddress(int choice, List<Step> steps) {

  /** One step down. */
  sealed interface Step {
    record Member(String name) implements Step {}

    /** An element of an array, by what its {@code index} says. */
    record Element(int index) implements Step {}
  }

  /** A chunk's {@code choices} that says just this text, there. */
  String choicesSaying(String text) {
    return "[{\"index\":%d,\"delta\":%s,\"finish_reason\":null}]".formatted(choice, from(0, text));
  }

  private String from(int depth, String text) {
    if (depth == steps.size()) {
      return '"' + JsonText.escape(text) + '"';
    }
    String below = from(depth + 1, text);
    return switch (steps.get(depth)) {
      case Step.Member(String name) -> "{\"" + JsonText.escape(name) + "\":" + below + "}";
      case Step.Element(int index) -> "[{\"index\":" + index + "," + below.substring(1) + "]";
    };
  }
}
