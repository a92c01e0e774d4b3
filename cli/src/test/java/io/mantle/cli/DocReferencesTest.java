package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Holds what the README and the docs refer to: links, commands, classes, tests and settings. */
class DocReferencesTest {
  private static final Pattern CODE_BLOCK = Pattern.compile("```.*?```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
  private static final Pattern COMMAND = Pattern.compile("\\./mantle ([^\n`#|]*)");
  private static final Pattern CLASS = Pattern.compile("`([a-z]+)\\.([A-Z][A-Za-z0-9]+)");
  private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z0-9](?:IT|Test))`");
  private static final Pattern SETTING = Pattern.compile("\\bMANTLE_[A-Z0-9_]+[A-Z0-9]\\b");

  static Stream<String> documents() throws IOException {
    return Stream.concat(Stream.of("README.md"), ProjectFiles.below("docs", ".md").stream());
  }

  @ParameterizedTest
  @MethodSource("documents")
  void links_leadToFilesAndHeadingsThatAreThere(String document) throws IOException {
    String text = CODE_BLOCK.matcher(ProjectFiles.text(document)).replaceAll("");
    for (MatchResult link : LINK.matcher(text).results().toList()) {
      if (link.group(1).startsWith("https://")) {
        continue;
      }
      String[] parts = link.group(1).split("#", 2);
      Path file =
          parts[0].isEmpty()
              ? Path.of(document)
              : Path.of("/").resolve(document).resolveSibling(parts[0]).normalize();
      String target = (file.isAbsolute() ? Path.of("/").relativize(file) : file).toString();
      assertThat(ProjectFiles.path(target)).as(link.group()).exists();
      if (parts.length == 2) {
        assertThat(anchors(target)).as(link.group()).contains(parts[1]);
      }
    }
  }

  /** As GitHub makes them of headings. */
  private static Set<String> anchors(String document) throws IOException {
    Set<String> anchors = new HashSet<>();
    HEADING
        .matcher(CODE_BLOCK.matcher(ProjectFiles.text(document)).replaceAll(""))
        .results()
        .map(
            heading ->
                heading
                    .group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\w -]", "")
                    .replace(' ', '-'))
        .forEach(
            anchor -> {
              String name = anchor;
              for (int again = 1; !anchors.add(name); again++) {
                name = anchor + "-" + again;
              }
            });
    return anchors;
  }

  @ParameterizedTest
  @MethodSource("documents")
  void commands_andTheirOptions_areThere(String document) throws IOException {
    for (MatchResult call : COMMAND.matcher(ProjectFiles.text(document)).results().toList()) {
      CommandLine command = Mantle.commandLine();
      List<String> words = Arrays.asList(call.group(1).strip().split("[\\s,;:.)]+"));
      if (!words.getFirst().startsWith("--")) {
        assertThat(command.getSubcommands()).as(call.group()).containsKey(words.getFirst());
      }
      for (String word : words) {
        command = Objects.requireNonNullElse(command.getSubcommands().get(word), command);
        boolean handsOn = command.getCommandSpec().unmatchedArgsBindings().isEmpty();
        if (word.startsWith("--") && handsOn) {
          assertThat(command.getCommandSpec().optionsMap()).as(call.group()).containsKey(word);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void classesTestsAndSettings_areThere(String document) throws IOException {
    String text = ProjectFiles.text(document);
    assertThat(CLASS.matcher(text).results().map(name -> name.group(1) + "/" + name.group(2)))
        .isSubsetOf(sources("main", 2));
    assertThat(TEST.matcher(text).results().map(name -> name.group(1)))
        .isSubsetOf(sources("test", 1));
    assertThat(SETTING.matcher(text).results().map(MatchResult::group))
        .isSubsetOf(
            SETTING
                .matcher(ProjectFiles.text("docs/configuration.md"))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet()));
  }

  /** The last names of the paths of all sources, without an ending. */
  private static Set<String> sources(String kind, int names) throws IOException {
    Set<String> sources = new HashSet<>();
    try (Stream<Path> modules = Files.list(ProjectFiles.path(""))) {
      for (Path module : modules.toList()) {
        Path folder = module.resolve("src").resolve(kind).resolve("java");
        if (Files.isDirectory(folder)) {
          try (Stream<Path> files = Files.walk(folder)) {
            files
                .filter(file -> file.toString().endsWith(".java"))
                .map(file -> file.subpath(file.getNameCount() - names, file.getNameCount()))
                .map(file -> file.toString().replace(".java", ""))
                .forEach(sources::add);
          }
        }
      }
    }
    return sources;
  }
}
