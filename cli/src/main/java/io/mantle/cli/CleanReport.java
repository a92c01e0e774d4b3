package io.mantle.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.privacy.detect.evaluation.FalseAlarms;
import io.mantle.privacy.detect.evaluation.FalseAlarms.Alarm;
import io.mantle.privacy.detect.evaluation.FalseAlarms.Share;
import io.mantle.privacy.detect.evaluation.TextKind;
import io.mantle.privacy.value.EntityType;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code ./mantle eval --clean} prints. */
record CleanReport(FalseAlarms alarms) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final int TYPES_SHOWN = 5;

  void print(PrintWriter out, int strings) {
    out.println(
        "percent of characters flagged; in brackets: of types that the default policy masks");
    out.println(
        "discounted: without lines that name people, without EMAIL, URL and days of the calendar");
    printKinds(out, "  %-14s %8d KB  %5.2f (%5.2f)  discounted %5.2f (%5.2f)  %s%n");
    out.println("the costliest strings of the discounted text: characters, times, kind, type");
    for (Alarm alarm : alarms.costliest(strings)) {
      out.printf(
          Locale.ROOT,
          "  %6d %5d  %-13s %-18s %s%n",
          alarm.characters(),
          alarm.times(),
          alarm.kind().title(),
          alarm.type(),
          oneLine(alarm.text()));
    }
  }

  /** A line for each kind of which there is any; the format takes its figures in this order. */
  private void printKinds(PrintWriter out, String format) {
    for (TextKind kind : TextKind.values()) {
      Share all = alarms.of(kind);
      if (all.characters() > 0) {
        Share discounted = alarms.discounted(kind);
        out.printf(
            Locale.ROOT,
            format,
            kind.title(),
            all.characters() / 1024,
            100 * all.flaggedShare(),
            100 * all.maskedShare(),
            100 * discounted.flaggedShare(),
            100 * discounted.maskedShare(),
            types(kind));
      }
    }
  }

  void writeMarkdown(PrintWriter out) {
    out.println(
        "| kind | KB | flagged, percent | of default-masked types | discounted, flagged "
            + "| discounted, default-masked | types, percent of characters |");
    out.println("|---|---|---|---|---|---|---|");
    printKinds(out, "| %s | %,d | %.2f | %.2f | %.2f | %.2f | %s |%n");
  }

  void writeJson(PrintWriter out, int strings) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode kinds = root.putObject("kinds");
    for (TextKind kind : TextKind.values()) {
      Share all = alarms.of(kind);
      if (all.characters() > 0) {
        ObjectNode node = kinds.putObject(kind.name());
        put(node, all);
        put(node.putObject("discounted"), alarms.discounted(kind));
        ObjectNode types = node.putObject("types");
        alarms.types(kind).forEach((type, chars) -> types.put(type.name(), chars));
      }
    }
    var list = root.putArray("costliest");
    for (Alarm alarm : alarms.costliest(strings)) {
      list.addObject()
          .put("kind", alarm.kind().name())
          .put("type", alarm.type().name())
          .put("text", alarm.text())
          .put("times", alarm.times());
    }
    out.println(JSON.writeValueAsString(root));
  }

  private static void put(ObjectNode node, Share share) {
    node.put("chars", share.characters())
        .put("flagged", share.flaggedShare())
        .put("masked_by_default", share.maskedShare());
  }

  private String types(TextKind kind) {
    double all = alarms.of(kind).characters();
    return alarms.types(kind).entrySet().stream()
        .sorted(Map.Entry.<EntityType, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(TYPES_SHOWN)
        .map(
            type ->
                String.format(Locale.ROOT, "%s %.2f", type.getKey(), 100 * type.getValue() / all))
        .collect(Collectors.joining(", "));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }
}
