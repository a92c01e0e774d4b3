package io.mantle.privacy.detect.evaluation;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a file that names nobody is, told by its name. */
public enum TextKind {
  CODE("code"),
  LOG("logs"),
  STACK_TRACE("stack traces"),
  JSON("JSON"),
  CONFIGURATION("configuration"),
  DOCUMENTATION("documentation");

  private static final Set<String> CODE_ENDINGS =
      Set.of(
          "java", "kt", "scala", "groovy", "py", "pyi", "js", "mjs", "cjs", "ts", "tsx", "jsx",
          "go", "rs", "c", "h", "cc", "cpp", "hpp", "cs", "rb", "php", "sh", "bash", "sql", "proto",
          "lua", "css");

  private static final Set<String> CONFIGURATION_ENDINGS =
      Set.of("yaml", "yml", "xml", "properties", "toml", "ini", "cfg", "conf");

  private static final Set<String> DOCUMENTATION_ENDINGS = Set.of("md", "rst", "adoc", "txt");

  private final String title;

  TextKind(String title) {
    this.title = title;
  }

  /** As it is printed. */
  public String title() {
    return title;
  }

  /**
   * The kind of a file.
   *
   * @param name the file's name or its path, parted by slashes
   * @return empty for what is none of these, and for licences, notices and lists of people
   */
  public static Optional<TextKind> of(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    if (file.matches("(licen[cs]e|notice|authors|contributors|maintainers|copying|thanks).*")) {
      return Optional.empty();
    }
    String ending = file.substring(file.lastIndexOf('.') + 1);
    if (ending.equals("log") || file.endsWith("-output.txt")) {
      return Optional.of(LOG);
    }
    if (ending.equals("trace")) {
      return Optional.of(STACK_TRACE);
    }
    if (ending.equals("json") || ending.equals("jsonl")) {
      return Optional.of(JSON);
    }
    if (CODE_ENDINGS.contains(ending)) {
      return Optional.of(CODE);
    }
    if (CONFIGURATION_ENDINGS.contains(ending)) {
      return Optional.of(CONFIGURATION);
    }
    return DOCUMENTATION_ENDINGS.contains(ending) || file.equals("metadata")
        ? Optional.of(DOCUMENTATION)
        : Optional.empty();
  }
}
