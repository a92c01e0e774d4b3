package io.mantle.privacy.detect.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CleanCorpusTest {
  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "a/Main.java, CODE",
    "run.log, LOG",
    "TEST-output.txt, LOG",
    "x.trace, STACK_TRACE",
    "package.json, JSON",
    "pom.xml, CONFIGURATION",
    "README.md, DOCUMENTATION",
    "x.dist-info/METADATA, DOCUMENTATION"
  })
  void of_fileName_isItsKind(String name, TextKind kind) {
    assertThat(TextKind.of(name)).contains(kind);
  }

  @ParameterizedTest
  @CsvSource({"LICENSE.md", "AUTHORS.txt", "photo.png", "noending"})
  void of_namesOfPeopleAndBinaries_isNone(String name) {
    assertThat(TextKind.of(name)).isEmpty();
  }

  @Test
  void read_foldersAndArchives_handsOutEveryTextOnce() throws IOException {
    Files.writeString(folder.resolve("a.py"), "x = 1\n");
    Files.write(folder.resolve("bad.py"), new byte[] {(byte) 0xff});
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(folder.resolve("b-sources.jar")))) {
      zip.putNextEntry(new ZipEntry("B.java"));
      zip.write("/* Copyright of Jane */\nclass B {}\n".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(read(1_000)).containsOnlyKeys("x = 1\n", "\nclass B {}\n");
  }

  @Test
  void read_longFiles_cutsAtLinesAndStopsAtTheLimit() throws IOException {
    for (int i = 0; i < 9; i++) {
      Files.writeString(folder.resolve(i + ".log"), "a line of a log\n".repeat(500));
    }
    Map<String, TextKind> parts = read(9_000);

    assertThat(parts.keySet()).allMatch(part -> part.endsWith("\n") && part.length() <= 4_000);
    assertThat(read(9_000)).isEqualTo(parts);
  }

  @Test
  void add_spans_countsAllAndThoseThatAreNoTruth() {
    FalseAlarms alarms = new FalseAlarms();
    String text = "Copyright Jane\n2025-01-02 v1.2.3 call main\n";
    alarms.add(
        TextKind.LOG,
        text,
        List.of(
            new Span(10, 14, EntityType.PERSON, 1),
            new Span(15, 25, EntityType.DATE, 1),
            new Span(26, 32, EntityType.DATE, 1),
            new Span(38, 42, EntityType.PERSON, 1)));

    assertThat(alarms.of(TextKind.LOG)).isEqualTo(new FalseAlarms.Share(43, 24, 8));
    assertThat(alarms.discounted(TextKind.LOG)).isEqualTo(new FalseAlarms.Share(28, 10, 4));
    assertThat(alarms.costliest(1).getFirst().text()).isEqualTo("v1.2.3");
  }

  private Map<String, TextKind> read(long charsMax) throws IOException {
    Map<String, TextKind> parts = new TreeMap<>();
    new CleanCorpus(charsMax).read(folder, (kind, text) -> parts.put(text, kind));
    return parts;
  }
}
