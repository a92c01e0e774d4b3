package io.mantle.privacy.detect.evaluation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The figures, against the script that defines them. */
class ScoringTest {
  private static final Path SCRIPT =
      Path.of(System.getProperty("mantle.root", "."), "../shared/pii/score.py");

  /** Exact, too short, too long, wrong type, ignored, not annotated, found twice, code points. */
  private static final String GOLD =
      """
      {"id":"1","text":"Jane Smith, jane@example.com","spans":[{"start":0,"end":10,"type":"PERSON"},{"start":12,"end":28,"type":"EMAIL"}]}
      {"id":"2","text":"\ud83d\ude00 Zo\u00eb lives in Bonn \u00bd","spans":[{"start":2,"end":5,"type":"PERSON"},{"start":15,"end":19,"type":"LOCATION"}],"annotated":["PERSON","LOCATION"]}
      {"id":"3","text":"1 Main St, Springfield","spans":[{"start":0,"end":22,"type":"ADDRESS"}],"annotated":["ADDRESS"]}
      {"id":"4","text":"the Oscar and ssn 078-05-1120","spans":[{"start":4,"end":9,"type":"OTHER"},{"start":18,"end":29,"type":"SSN"}],"annotated":null}
      {"id":"5","text":"nothing at all here","spans":[],"annotated":[]}
      {"id":"6","text":"-- Ann Bo --","spans":[{"start":3,"end":6,"type":"PERSON"},{"start":3,"end":9,"type":"PERSON"},{"start":0,"end":2,"type":"ORG"}]}
      """;

  private static final String FOUND =
      """
      {"id":"1","text":"Jane Smith, jane@example.com","spans":[{"start":0,"end":4,"type":"PERSON"},{"start":12,"end":28,"type":"EMAIL"}]}
      {"id":"2","text":"\ud83d\ude00 Zo\u00eb lives in Bonn \u00bd","spans":[{"start":0,"end":5,"type":"PERSON"},{"start":15,"end":19,"type":"ORG"},{"start":20,"end":21,"type":"LOCATION"}]}
      {"id":"3","text":"1 Main St, Springfield","spans":[{"start":0,"end":9,"type":"ADDRESS"},{"start":11,"end":22,"type":"LOCATION"}]}
      {"id":"4","text":"the Oscar and ssn 078-05-1120","spans":[{"start":4,"end":9,"type":"PERSON"},{"start":14,"end":29,"type":"PASSPORT"}]}
      {"id":"5","text":"nothing at all here","spans":[{"start":0,"end":7,"type":"ORG"}]}
      {"id":"6","text":"-- Ann Bo --","spans":[{"start":3,"end":9,"type":"PERSON"}]}
      """;

  @Test
  void score_handMadeFile_isWhatOneCounts() throws IOException {
    Score score = score(false);
    assertThat(score.documents()).isEqualTo(6);
    assertThat(score.strict()).isEqualTo(new Score.Strict(2, 5, 7));
    assertThat(score.leaks()).isEqualTo(new Score.Leaks(9, 3, 1));
    assertThat(of(score, "EMAIL").strict().f2()).isEqualTo(1);
  }

  @Test
  void score_typesOfHandMadeFile_countCharactersFoundAsThem() throws IOException {
    Score score = score(false);
    assertThat(of(score, "PERSON").found()).isEqualTo(new Score.Found(15, 13));
    assertThat(of(score, "PASSPORT").found()).isEqualTo(new Score.Found(15, 11));
  }

  @Test
  void score_intervals_lieAroundTheirFigures() throws IOException {
    Score score = score(false);
    assertAround(score.likely().leakedRate(), score.leaks().leakedRate());
    assertAround(score.likely().precision(), score.overlap().precision());
    assertThat(of(score, "EMAIL").likely().leakedRate().low()).isZero();
    assertThat(of(score, "EMAIL").likely().leakedRate().high()).isCloseTo(0.975, within(1e-9));
  }

  @Test
  void score_manyDocuments_hasTheIntervalOfTheBinomial() {
    Scoring scoring = new Scoring(false);
    for (int i = 0; i < 1_000; i++) {
      Mark mark = new Mark(0, 1, "SSN");
      LabelledDocument document = new LabelledDocument("1", "a", List.of(mark), Optional.empty());
      scoring.add(document, i % 10 == 0 ? List.of() : List.of(mark));
    }
    Interval interval = scoring.score().likely().leakedRate();
    assertThat(interval.low()).isCloseTo(0.1 - 1.96 * 0.0095, within(0.003));
    assertThat(interval.high()).isCloseTo(0.1 + 1.96 * 0.0095, within(0.003));
  }

  private static void assertAround(Interval interval, double figure) {
    assertThat(figure).isBetween(interval.low(), interval.high());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void score_handMadeFile_isTheScripts(boolean coarse, @TempDir Path folder) throws Exception {
    assumeTrue(Files.exists(SCRIPT), "the script that defines the measures is not on this machine");
    assumeTrue(hasPython(), "python3 is not on this machine");
    Path gold = Files.writeString(folder.resolve("gold.jsonl"), GOLD);
    Path found = Files.writeString(folder.resolve("found.jsonl"), FOUND);
    List<String> command = new ArrayList<>(List.of("python3", SCRIPT.toString()));
    command.addAll(List.of(gold.toString(), found.toString(), "--json"));
    if (coarse) {
      command.add("--coarse");
    }
    Process script = new ProcessBuilder(command).start();
    JsonNode theirs = new ObjectMapper().readTree(script.getInputStream());
    Score ours = score(coarse);

    assertThat(ours.documents()).isEqualTo(theirs.get("docs").asInt());
    assertStrict(ours.strict(), theirs.get("strict_micro"));
    assertClose(ours.overlap().recall(), theirs.at("/overlap/leak_recall"));
    assertClose(ours.overlap().precision(), theirs.at("/overlap/precision"));
    assertThat(ours.overlap().marked()).isEqualTo(theirs.at("/overlap/gold_chars").asLong());
    assertThat(ours.overlap().found()).isEqualTo(theirs.at("/overlap/pred_chars").asLong());
    assertClose(ours.leaks().leakedRate(), theirs.get("leaked_entity_rate"));
    assertClose(ours.leaks().missedRate(), theirs.get("missed_entity_rate"));
    theirs
        .get("strict")
        .properties()
        .forEach(e -> assertStrict(of(ours, e.getKey()).strict(), e.getValue()));
    theirs
        .get("per_type_leak")
        .properties()
        .forEach(
            e -> {
              Score.Leaks leaks = of(ours, e.getKey()).leaks();
              assertThat(leaks.entities()).isEqualTo(e.getValue().get("n").asLong());
              assertClose(leaks.leakedRate(), e.getValue().get("leaked"));
              assertClose(leaks.missedRate(), e.getValue().get("missed"));
            });
  }

  private static Score score(boolean coarse) throws IOException {
    Scoring scoring = new Scoring(coarse);
    try (JsonLines gold = lines(GOLD);
        JsonLines found = lines(FOUND)) {
      for (var document = gold.next(); document != null; document = gold.next()) {
        scoring.add(document, Objects.requireNonNull(found.next()).marks());
      }
    }
    return scoring.score();
  }

  private static Score.OfType of(Score score, String type) {
    return Objects.requireNonNull(score.types().get(type));
  }

  private static JsonLines lines(String text) {
    return new JsonLines(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      Process python = new ProcessBuilder("python3", "--version").start();
      return python.waitFor(10, TimeUnit.SECONDS) && python.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static void assertStrict(Score.Strict ours, JsonNode theirs) {
    assertThat(ours.right()).isEqualTo(theirs.get("tp").asLong());
    assertThat(ours.wrong()).isEqualTo(theirs.get("fp").asLong());
    assertThat(ours.missing()).isEqualTo(theirs.get("fn").asLong());
    assertClose(ours.precision(), theirs.get("p"));
    assertClose(ours.recall(), theirs.get("r"));
    assertClose(ours.f1(), theirs.get("f1"));
    assertClose(ours.f2(), theirs.get("f2"));
  }

  private static void assertClose(double ours, JsonNode theirs) {
    assertThat(ours).isCloseTo(theirs.asDouble(), within(1e-9));
  }
}
