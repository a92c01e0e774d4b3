package io.mantle.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class DetectionCommandsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void detect_text_showsWhatWasFound() {
    assertThat(detect("\ud83d\ude00 to jane@example.com\n", "--rules")).isZero();
    assertThat(out.toString()).containsPattern("EMAIL +5-21 +0\\.98 +jane@example\\.com\n");
  }

  @Test
  void detect_nothingPrivate_saysSoBesideTheOutput() {
    assertThat(detect("hello", "--rules")).isZero();
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains("nothing found");
  }

  @Test
  void detect_jsonLines_answersEachWithCodePoints() throws IOException {
    String lines =
        "{\"id\":\"a\",\"text\":\"\ud83d\ude00 jane@example.com\"}\n{\"id\":2,\"text\":\"none\"}\n";
    assertThat(detect(lines, "--json")).isZero();
    List<String> answers = out.toString().lines().toList();
    JsonNode first = new ObjectMapper().readTree(answers.getFirst());
    assertThat(first.get("id").asText()).isEqualTo("a");
    assertThat(first.at("/spans/0/start").asInt()).isEqualTo(2);
    assertThat(first.at("/spans/0/end").asInt()).isEqualTo(18);
    assertThat(first.at("/spans/0/type").asText()).isEqualTo("EMAIL");
    assertThat(first.at("/spans/0/score").asDouble()).isEqualTo(0.98);
    assertThat(answers.getLast()).isEqualTo("{\"id\":2,\"spans\":[]}");
  }

  @Test
  void detect_badLine_failsAndNamesIt() {
    String lines = "{\"id\":\"a\",\"text\":\"x\"}\n{\"id\":\"b\",\"text\":\"secret words\"\n";
    assertThat(detect(lines, "--json", "--rules")).isEqualTo(1);
    assertThat(out.toString()).isEqualTo("{\"id\":\"a\",\"spans\":[]}\n");
    assertThat(err.toString()).contains("line 2").doesNotContain("secret");
  }

  @Test
  void eval_labelledFiles_printsEachAndAll(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("gold.jsonl");
    Files.writeString(
        file,
        "{\"id\":\"1\",\"text\":\"to jane@example.com\",\"spans\":"
            + "[{\"start\":3,\"end\":19,\"type\":\"EMAIL\"}]}\n");
    assertThat(eval(file.toString(), file.toString(), "--rules")).isZero();
    assertThat(out.toString())
        .contains("gold.jsonl: 1 documents, 1 entities", "all 2 files: 2 documents", "KB/s")
        .containsPattern("EMAIL +n +2 +P 1\\.000");
  }

  @Test
  void eval_asJson_isOneObject(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("x.jsonl"), "{\"id\":1,\"text\":\"a@b.io\"}\n");
    assertThat(eval(file.toString(), "--rules", "--json", "--coarse")).isZero();
    JsonNode score = new ObjectMapper().readTree(out.toString());
    assertThat(score.at("/all/strict_micro/fp").asInt()).isEqualTo(1);
    assertThat(score.at("/all/overlap/pred_chars").asInt()).isEqualTo(6);
    assertThat(score.get("kb_per_s").isNumber()).isTrue();
  }

  @Test
  void eval_asMarkdown_isTablesWithIntervals(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("gold.jsonl");
    Files.writeString(
        file,
        "{\"id\":\"1\",\"text\":\"to jane@example.com\",\"spans\":"
            + "[{\"start\":3,\"end\":19,\"type\":\"EMAIL\"}]}\n");
    assertThat(eval(file.toString(), "--rules", "--markdown")).isZero();
    assertThat(out.toString())
        .contains(
            "| gold | 1 | 1 | .000 (.000 to .975) | 1.000 (1.000 to 1.000) |",
            "| EMAIL | 1 | .000 (.000 to .975) | .000 | 1.000 (1.000 to 1.000) |");
  }

  @Test
  void eval_cleanFolder_printsTheShareOfEachKind(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("run.log"), "call 4155552671 is 15 of 31 characters");
    assertThat(eval("--clean", folder.toString(), "--rules")).isZero();
    assertThat(out.toString())
        .contains("logs", "PHONE 26.32")
        .containsPattern("10 +1 +logs +PHONE +4155552671");

    assertThat(eval("--clean", folder.toString(), "--rules", "--json")).isZero();
    String json = out.toString().substring(out.toString().indexOf('{'));
    JsonNode log = new ObjectMapper().readTree(json).at("/kinds/LOG");
    assertThat(log.get("chars").asInt()).isEqualTo(38);
    assertThat(log.at("/types/PHONE").asInt()).isEqualTo(10);
  }

  @Test
  void eval_heldBack_countsThatPartOnly(@TempDir Path folder) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (char word = 'a'; word <= 'z'; word++) {
      lines.append("{\"id\":1,\"text\":\"").append(word).append(" word\"}\n");
    }
    Path file = Files.writeString(folder.resolve("x.jsonl"), lines);
    assertThat(eval(file.toString(), "--rules", "--held-back", "--json")).isZero();
    JsonNode score = new ObjectMapper().readTree(out.toString());
    assertThat(score.at("/all/docs").asInt()).isBetween(1, 15);
  }

  @Test
  void eval_unknownRecallOrModel_isWrongUsage(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("x.jsonl"), "{\"id\":1,\"text\":\"a\"}\n");
    assertThat(eval(file.toString(), "--recall", "most")).isEqualTo(2);
    assertThat(eval(file.toString(), "--model", "no-such.bin")).isEqualTo(2);
    assertThat(err.toString()).contains("high, balanced or precise", "no-such.bin: no such file");
  }

  @Test
  void eval_badFile_failsAndNamesTheLine(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("x.jsonl"), "\n{\"id\":1}\n");
    assertThat(eval(file.toString(), "--rules")).isEqualTo(1);
    assertThat(err.toString()).contains("x.jsonl: line 2: \"text\" is missing");
  }

  @Test
  void eval_noFile_isWrongUsage() {
    assertThat(eval()).isEqualTo(2);
    assertThat(eval("no-such.jsonl")).isEqualTo(2);
    assertThat(err.toString()).contains("no-such.jsonl: no such file");
  }

  private int eval(String... arguments) {
    return execute(new CommandLine(new EvalCommand()), arguments);
  }

  private int detect(String input, String... arguments) {
    var in = new ByteArrayInputStream(input.getBytes(UTF_8));
    return execute(new CommandLine(new DetectCommand(in)), arguments);
  }

  private int execute(CommandLine commandLine, String... arguments) {
    Mantle.handleFailures(commandLine);
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return commandLine.execute(arguments);
  }
}
