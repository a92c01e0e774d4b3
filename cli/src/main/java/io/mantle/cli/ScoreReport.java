package io.mantle.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.privacy.detect.evaluation.Interval;
import io.mantle.privacy.detect.evaluation.Score;
import io.mantle.privacy.detect.evaluation.Score.Leaks;
import io.mantle.privacy.detect.evaluation.Score.Likely;
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
        "  overlap             precision %.3f %s  recall %.3f%n",
        score.overlap().precision(),
        plain(score.likely().precision()),
        score.overlap().recall());
    out.printf(
        Locale.ROOT,
        "  leaked entity rate  %.3f %s  wholly missed %.3f%n",
        leaks.leakedRate(),
        plain(score.likely().leakedRate()),
        leaks.missedRate());
    score
        .types()
        .forEach(
            (type, of) ->
                out.printf(
                    Locale.ROOT,
                    "    %-20s n %5d  P %.3f  R %.3f  F1 %.3f  F2 %.3f  leaked %.3f %s"
                        + "  missed %.3f  precision %.3f %s%n",
                    type,
                    of.leaks().entities(),
                    of.strict().precision(),
                    of.strict().recall(),
                    of.strict().f1(),
                    of.strict().f2(),
                    of.leaks().leakedRate(),
                    plain(of.likely().leakedRate()),
                    of.leaks().missedRate(),
                    of.found().precision(),
                    plain(of.likely().precision())));
    out.println();
  }

  private static String plain(Interval interval) {
    return String.format(Locale.ROOT, "[%.3f, %.3f]", interval.low(), interval.high());
  }

  /** A table of the files and one of the types, as docs hold them. */
  void writeMarkdown(PrintWriter out) {
    out.println("| corpus | texts | entities | leaked | overlap precision |");
    out.println("|---|---|---|---|---|");
    for (Part part : parts) {
      row(out, name(part.file), part.score);
    }
    if (parts.size() > 1) {
      row(out, "**all**", all);
    }
    out.println();
    out.println("| type | entities | leaked | wholly missed | precision of what is found |");
    out.println("|---|---|---|---|---|");
    all.types()
        .forEach(
            (type, of) ->
                out.printf(
                    Locale.ROOT,
                    "| %s | %,d | %s | %s | %s |%n",
                    type,
                    of.leaks().entities(),
                    of.leaks().entities() == 0
                        ? "-"
                        : figure(of.leaks().leakedRate(), of.likely().leakedRate()),
                    of.leaks().entities() == 0 ? "-" : short3(of.leaks().missedRate()),
                    of.found().characters() == 0
                        ? "-"
                        : figure(of.found().precision(), of.likely().precision())));
  }

  private static void row(PrintWriter out, String name, Score score) {
    out.printf(
        Locale.ROOT,
        "| %s | %,d | %,d | %s | %s |%n",
        name,
        score.documents(),
        score.leaks().entities(),
        figure(score.leaks().leakedRate(), score.likely().leakedRate()),
        figure(score.overlap().precision(), score.likely().precision()));
  }

  private static String name(String file) {
    String name = file.substring(file.replace('\\', '/').lastIndexOf('/') + 1);
    return name.endsWith(".jsonl") ? name.substring(0, name.length() - ".jsonl".length()) : name;
  }

  private static String figure(double value, Interval interval) {
    return short3(value) + " (" + short3(interval.low()) + " to " + short3(interval.high()) + ")";
  }

  /** {@code .047}, and {@code 1.000}. */
  private static String short3(double value) {
    String text = String.format(Locale.ROOT, "%.3f", value);
    return text.startsWith("0") ? text.substring(1) : text;
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
    put95(node, score.likely());
    ObjectNode types = node.putObject("types");
    score
        .types()
        .forEach(
            (type, of) -> {
              ObjectNode one = json(of.strict());
              one.put("n", of.leaks().entities());
              one.put("leaked", of.leaks().leakedRate());
              one.put("missed", of.leaks().missedRate());
              one.put("overlap_precision", of.found().precision());
              put95(one, of.likely());
              types.set(type, one);
            });
    return node;
  }

  private static void put95(ObjectNode node, Likely likely) {
    node.putArray("leaked_95").add(likely.leakedRate().low()).add(likely.leakedRate().high());
    node.putArray("overlap_precision_95")
        .add(likely.precision().low())
        .add(likely.precision().high());
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
