package io.mantle.cli.apply;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ${NAME}} and {@code ${NAME:-default}} within a value, as a shell reads them: the default
 * counts where the variable is not set or empty. A second dollar sign in front writes the reference
 * itself. What comes from the environment is not looked through again.
 */
final class EnvironmentReferences {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$\\{|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?})?");

  private final Map<String, String> environment;

  EnvironmentReferences(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** A reference that leads nowhere; the message says which, and no value. */
  static final class UnresolvedException extends Exception {
    private static final long serialVersionUID = 1L;

    UnresolvedException(String reason) {
      super(reason);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * The text with values in the place of its references.
   *
   * @throws UnresolvedException if a variable is not set and has no default, or something begins as
   *     a reference and is none
   */
  String expand(String text) throws UnresolvedException {
    if (!text.contains("${")) {
      return text;
    }
    Matcher reference = REFERENCE.matcher(text);
    StringBuilder expanded = new StringBuilder();
    int end = 0;
    while (reference.find()) {
      expanded.append(text, end, reference.start());
      expanded.append(reference.group().equals("$${") ? "${" : value(reference));
      end = reference.end();
    }
    return expanded.append(text, end, text.length()).toString();
  }

  private String value(Matcher reference) throws UnresolvedException {
    String name = reference.group(1);
    if (name == null) {
      throw new UnresolvedException("after ${ comes NAME} or NAME:-default}; $${ writes ${ itself");
    }
    String value = environment.get(name);
    if (reference.group(2) == null) {
      if (value == null) {
        throw new UnresolvedException("the environment variable " + name + " is not set");
      }
      return value;
    }
    return value == null || value.isEmpty() ? reference.group(3) : value;
  }
}
