package io.mantle.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.mantle.privacy.detect.DocumentDetector;
import io.mantle.privacy.detect.evaluation.JsonLines;
import io.mantle.privacy.detect.evaluation.LabelledDocument;
import io.mantle.privacy.detect.evaluation.Mark;
import io.mantle.privacy.detect.link.LinkingDetector;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The detector on standard input: for people to look at, or as JSON for programs. */
@Command(
    name = "detect",
    description = {
      "Finds what is private in standard input: all types, whatever a policy does with them.",
      "Offsets count Unicode code points, the end is exclusive."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: echo 'Write to jane@example.com' | ./mantle detect",
      "Exit codes: 0 done (found or not), 1 the input could not be read, 2 wrong usage."
    })
final class DetectCommand implements Callable<Integer> {
  private static final int TEXT_BYTES_MAX = 64 << 20;
  private static final int SHOWN_CHARS_MAX = 60;

  @Option(
      names = "--json",
      description = {
        "Lines of {\"id\",\"text\"} in,",
        "lines of {\"id\",\"spans\":[{\"start\",\"end\",\"type\",\"score\"}]} out."
      })
  private boolean json;

  @Mixin private DetectorOption tiers = new DetectorOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final InputStream in;

  DetectCommand() {
    this(System.in);
  }

  DetectCommand(InputStream in) {
    this.in = in;
  }

  @Override
  public Integer call() throws IOException, LaunchException, InterruptedException {
    DocumentDetector detector = new LinkingDetector(tiers.detector());
    PrintWriter out = spec.commandLine().getOut();
    try {
      if (json) {
        lines(detector, out);
      } else {
        show(detector, out);
      }
    } catch (IOException e) {
      out.flush();
      throw LaunchException.failed("standard input: " + e.getMessage());
    }
    out.flush();
    return ExitCode.OK.value();
  }

  private void lines(DocumentDetector detector, PrintWriter out) throws IOException {
    JsonFactory factory = JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    try (JsonLines documents = new JsonLines(in)) {
      for (LabelledDocument document = documents.next();
          document != null && !out.checkError();
          document = documents.next()) {
        List<Span> spans = detector.detect(new Plaintext(document.text()));
        List<Mark> marks = Mark.of(document.text(), spans);
        JsonGenerator generator = factory.createGenerator(out);
        generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        generator.writeStartObject();
        generator.writeFieldName("id");
        generator.writeRawValue(document.id());
        generator.writeArrayFieldStart("spans");
        for (int i = 0; i < marks.size(); i++) {
          generator.writeStartObject();
          generator.writeNumberField("start", marks.get(i).start());
          generator.writeNumberField("end", marks.get(i).end());
          generator.writeStringField("type", marks.get(i).type());
          generator.writeNumberField("score", Math.round(spans.get(i).score() * 1000) / 1000.0);
          generator.writeEndObject();
        }
        generator.writeEndArray();
        generator.writeEndObject();
        generator.close();
        out.println();
      }
    }
  }

  private void show(DocumentDetector detector, PrintWriter out) throws IOException {
    String text = text(in.readNBytes(TEXT_BYTES_MAX + 1));
    List<Span> spans = detector.detect(new Plaintext(text));
    List<Mark> marks = Mark.of(text, spans);
    for (int i = 0; i < marks.size(); i++) {
      Mark mark = marks.get(i);
      Span span = spans.get(i);
      String place = mark.start() + "-" + mark.end();
      String value = shown(text.substring(span.start(), span.end()));
      out.printf(Locale.ROOT, "%-18s %-15s %.2f  %s%n", mark.type(), place, span.score(), value);
    }
    if (spans.isEmpty()) {
      spec.commandLine().getErr().println("nothing found");
      spec.commandLine().getErr().flush();
    }
  }

  private static String text(byte[] bytes) throws IOException {
    if (bytes.length > TEXT_BYTES_MAX) {
      throw new IOException(
          "longer than " + (TEXT_BYTES_MAX >> 20) + " MiB; cut it into lines for --json");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("not UTF-8", e);
    }
  }

  /** On one line, without what a terminal would obey. */
  private static String shown(String value) {
    StringBuilder shown = new StringBuilder();
    value
        .codePoints()
        .limit(SHOWN_CHARS_MAX)
        .forEach(c -> shown.appendCodePoint(isPrinted(c) ? c : ' '));
    return value.codePointCount(0, value.length()) > SHOWN_CHARS_MAX ? shown + "..." : shown + "";
  }

  private static boolean isPrinted(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
