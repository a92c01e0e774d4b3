package io.mantle.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.privacy.detect.evaluation.Score;
import io.mantle.privacy.detect.evaluation.Score.Leaks;
import io.mantle.privacy.detect.evaluation.Score.Strict;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * What {@code ./mantle eval} prints.
 *
 * @param parts one for each file
 * @param kbPerSecond over all of them
 */
record ScoreReport(List<Part> parts, Score all, double kbPerSecond) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** One file's. */
  record Part(String file, Score score) {}

  void print(PrintWriter out) {
    for (Part part : parts) {
      print(out, part.file, part.score);
    }
    if (parts.size() > 1) {
      print(out, "all " + parts.size() + " files", all);
    }
    out.printf(Locale.ROOT, "%.0f KB/s on one thread%n", kbPerSecond);
  }

  private static void print(PrintWriter out, String title, Score score) {
    Strict strict = score.strict();
    Leaks leaks = score.leaks();
    out.printf(
        Locale.ROOT, "%s: %d documents, %d entities%n", title, score.documents(), leaks.entities());
    out.printf(
        Locale.ROOT,
        "  strict micro        P %.3f  R %.3f  F1 %.3f  F2 %.3f%n",
        strict.precision(),
        strict.recall(),
        strict.f1(),
        strict.f2());
    out.printf(
        Locale.ROOT,
        "  overlap             precision %.3f  recall %.3f%n",
        score.overlap().precision(),
        score.overlap().recall());
    out.printf(
        Locale.ROOT,
        "  leaked entity rate  %.3f  wholly missed %.3f%n",
        leaks.leakedRate(),
        leaks.missedRate());
    score
        .types()
        .forEach(
            (type, of) ->
                out.printf(
                    Locale.ROOT,
                    "    %-20s n %5d  P %.3f  R %.3f  F1 %.3f  F2 %.3f  leaked %.3f  missed %.3f%n",
                    type,
                    of.leaks().entities(),
                    of.strict().precision(),
                    of.strict().recall(),
                    of.strict().f1(),
                    of.strict().f2(),
                    of.leaks().leakedRate(),
                    of.leaks().missedRate()));
    out.println();
  }

  void writeJson(PrintWriter out) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode files = root.putObject("files");
    for (Part part : parts) {
      files.set(part.file, json(part.score));
    }
    root.set("all", json(all));
    root.put("kb_per_s", Math.round(kbPerSecond));
    out.println(JSON.writeValueAsString(root));
  }

  private static ObjectNode json(Score score) {
    ObjectNode node = JSON.createObjectNode();
    node.put("docs", score.documents());
    node.put("entities", score.leaks().entities());
    node.set("strict_micro", json(score.strict()));
    node.putObject("overlap")
        .put("leak_recall", score.overlap().recall())
        .put("precision", score.overlap().precision())
        .put("gold_chars", score.overlap().marked())
        .put("pred_chars", score.overlap().found());
    node.put("leaked_entity_rate", score.leaks().leakedRate());
    node.put("missed_entity_rate", score.leaks().missedRate());
    ObjectNode types = node.putObject("types");
    score
        .types()
        .forEach(
            (type, of) -> {
              ObjectNode one = json(of.strict());
              one.put("n", of.leaks().entities());
              one.put("leaked", of.leaks().leakedRate());
              one.put("missed", of.leaks().missedRate());
              types.set(type, one);
            });
    return node;
  }

  private static ObjectNode json(Strict strict) {
    return JSON.createObjectNode()
        .put("p", strict.precision())
        .put("r", strict.recall())
        .put("f1", strict.f1())
        .put("f2", strict.f2())
        .put("tp", strict.right())
        .put("fp", strict.wrong())
        .put("fn", strict.missing());
  }
}
