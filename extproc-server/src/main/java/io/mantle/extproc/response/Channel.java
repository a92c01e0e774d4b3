package io.mantle.extproc.response;

import io.mantle.privacy.json.JsonText;
import java.util.ArrayList;
import java.util.List;

/**
 * One growing text of a stream: what it belongs to, and where below that it stands.
 *
 * @param scope what ends together: a choice's index, or all indexes of an event, sorted
 * @param steps the way down from there; an element is always followed by a member
 */
record Channel(List<String> scope, List<Step> steps) {

  /** One step down. */
  sealed interface Step {
    record Member(String name) implements Step {}

    /** An element of an array, by what its {@code index} says. */
    record Element(int index) implements Step {}
  }

  Channel member(String name) {
    return below(new Step.Member(name));
  }

  Channel element(int index) {
    return below(new Step.Element(index));
  }

  private Channel below(Step step) {
    List<Step> longer = new ArrayList<>(steps.size() + 1);
    longer.addAll(steps);
    longer.add(step);
    return new Channel(scope, longer);
  }

  /** JSON that says just this text, there, below what the channel belongs to. */
  String saying(String text) {
    return from(0, text);
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
