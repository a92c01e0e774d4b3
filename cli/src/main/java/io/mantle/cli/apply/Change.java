package io.mantle.cli.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * One change of a tenant, and what is sent for it. Prints as a line for people, without anything
 * secret.
 *
 * @param pointer what of the file asks for it
 * @param what such as {@code provider main}
 * @param details what becomes what
 */
public record Change(
    Kind kind, String tenant, String pointer, String what, List<String> details, Step step) {

  public Change {
    details = List.copyOf(details);
  }

  /** Whether something comes, changes or goes. */
  public enum Kind {
    ADD("+"),
    CHANGE("~"),
    REMOVE("-");

    private final String sign;

    Kind(String sign) {
      this.sign = sign;
    }
  }

  /** {@code ~ acme: provider main: models 1 -> 2 entries}. */
  @Override
  public String toString() {
    return kind.sign
        + " "
        + tenant
        + ": "
        + Words.printable(what)
        + (details.isEmpty() ? "" : ": " + String.join("; ", details));
  }

  /**
   * A request. The body of a route has the names of its providers, whose ids are put in when it is
   * sent: some may be made just before.
   */
  sealed interface Step {
    /** Makes something. */
    record Create(String path, ObjectNode body) implements Step {
      @Override
      public String toString() {
        return "Create[" + path + "]";
      }
    }

    /** Stores what there is one of at most, and was none. */
    record Store(String path, ObjectNode body) implements Step {
      @Override
      public String toString() {
        return "Store[" + path + "]";
      }
    }

    /**
     * Changes what is still as it was read.
     *
     * @param asRead as the API showed it
     */
    record Replace(String path, JsonNode asRead, ObjectNode body) implements Step {
      @Override
      public String toString() {
        return "Replace[" + path + "]";
      }
    }

    /**
     * Removes what is still as it was read.
     *
     * @param asRead empty for what never changes
     */
    record Delete(String path, Optional<JsonNode> asRead) implements Step {
      @Override
      public String toString() {
        return "Delete[" + path + "]";
      }
    }

    /** Makes a proxy key and puts its secret where it is to go. */
    record Issue(String path, Declaration.Key key) implements Step {}
  }
}
