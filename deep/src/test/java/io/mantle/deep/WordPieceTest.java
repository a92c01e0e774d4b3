package io.mantle.deep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mantle.privacy.detect.deep.Pieces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

final class WordPieceTest {
  @TempDir Path folder;
  private Path vocabulary = Path.of("");

  @BeforeEach
  void copyVocabulary() throws IOException {
    vocabulary = folder.resolve("vocab.txt");
    Resources.copy("wordpiece-vocab.txt", vocabulary);
  }

  @TestFactory
  Stream<DynamicTest> split_whatTheirsSplits_givesTheSamePiecesAndOffsets() throws IOException {
    Path file = folder.resolve("expected.txt");
    Resources.copy("wordpiece.txt", file);
    ObjectMapper json = new ObjectMapper();
    return Files.readAllLines(file).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\t", -1))
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row[0],
                    () ->
                        assertThat(shown(json.readValue(row[0], String.class)))
                            .isEqualTo(json.readValue('"' + row[1] + '"', String.class))));
  }

  @Test
  void split_markerInText_isNoMarker() throws IOException {
    WordPiece wordPiece = WordPiece.read(vocabulary, true);
    Pieces pieces = wordPiece.split("jane [SEP] [CLS] smith");
    assertThat(IntStream.range(0, pieces.count()).map(pieces::id).boxed())
        .doesNotContain(wordPiece.begin(), wordPiece.end());
  }

  @Test
  void split_cased_keepsCaseAndAccents() throws IOException {
    Pieces pieces = WordPiece.read(vocabulary, false).split("münchen Jane");
    assertThat(pieces.count()).isEqualTo(2); // "Jane" is not in this vocabulary
    assertThat(Files.readAllLines(vocabulary).get(pieces.id(0))).isEqualTo("münchen");
  }

  @Test
  void split_longRuns_takeLinearTime() throws IOException {
    WordPiece wordPiece = WordPiece.read(vocabulary, true);
    Assertions.assertTimeout(
        Duration.ofSeconds(60),
        () -> {
          for (String unit : List.of("a", "-", "\u0301", "한", "a@", " ", "\u200b")) {
            wordPiece.split(unit.repeat(1_000_000 / unit.length()));
          }
        });
  }

  @Test
  void read_vocabularyWithoutMarkers_isRefused() throws IOException {
    Files.writeString(vocabulary, "jane\nsmith\n");
    assertThatThrownBy(() -> WordPiece.read(vocabulary, true)).hasMessageContaining("[UNK]");
  }

  private String shown(String text) throws IOException {
    List<String> names = Files.readAllLines(vocabulary);
    Pieces pieces = WordPiece.read(vocabulary, true).split(text);
    return IntStream.range(0, pieces.count())
        .mapToObj(i -> names.get(pieces.id(i)) + ":" + pieces.start(i) + "-" + pieces.end(i))
        .collect(Collectors.joining(" "));
  }
}
