package io.mantle.cli;

import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.DocumentDetector;
import io.mantle.privacy.detect.evaluation.JsonLines;
import io.mantle.privacy.detect.evaluation.LabelledDocument;
import io.mantle.privacy.detect.evaluation.Mark;
import io.mantle.privacy.detect.evaluation.Scoring;
import io.mantle.privacy.detect.evaluation.SpeedSample;
import io.mantle.privacy.detect.link.LinkingDetector;
import io.mantle.privacy.value.Plaintext;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Scores the detector on labelled text. */
@Command(
    name = "eval",
    description = {
      "Detection scores on labelled text, for each file and for all together.",
      "A line is {\"id\",\"text\",\"spans\":[{\"start\",\"end\",\"type\"}],\"annotated\":[TYPE...]}:",
      "offsets in code points; found types that \"annotated\" does not list do not count;",
      "what is marked OTHER is ignored."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "strict: same start, end and type. leaked: entities with a letter or digit left uncovered.",
      "missed: entities with none covered. overlap: characters, whatever their types.",
      "KB/s: one thread, warm, the first MB of text again and again.",
      "Exit codes: 0 done, 1 a file could not be read, 2 wrong usage or no such file."
    })
final class EvalCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE.jsonl", description = "Labelled text.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--coarse",
      description = "ADDRESS counts as LOCATION; SSN and all numbers of documents as ID.")
  private boolean coarse;

  @Option(names = "--json", description = "The figures as one JSON object.")
  private boolean json;

  @Option(names = "--rules", description = "The rules alone, without the model that finds names.")
  private boolean rules;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, LaunchException {
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw LaunchException.notStarted(file + ": no such file");
      }
    }
    DocumentDetector detector =
        new LinkingDetector(rules ? Detectors.ofRules() : Detectors.standard());
    Scoring all = new Scoring(coarse);
    SpeedSample speed = new SpeedSample();
    List<ScoreReport.Part> parts = new ArrayList<>();
    for (Path file : files) {
      Scoring one = new Scoring(coarse);
      score(file, detector, speed, one, all);
      parts.add(new ScoreReport.Part(file.toString(), one.score()));
    }
    ScoreReport report = new ScoreReport(parts, all.score(), speed.kbPerSecond(detector::detect));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      report.writeJson(out);
    } else {
      report.print(out);
    }
    out.flush();
    return ExitCode.OK.value();
  }

  private static void score(
      Path file, DocumentDetector detector, SpeedSample speed, Scoring one, Scoring all)
      throws IOException, LaunchException {
    try (JsonLines documents = new JsonLines(Files.newInputStream(file))) {
      for (LabelledDocument document = documents.next();
          document != null;
          document = documents.next()) {
        String text = document.text();
        List<Mark> found = Mark.of(text, detector.detect(new Plaintext(text)));
        one.add(document, found);
        all.add(document, found);
        speed.add(text);
      }
    } catch (NoSuchFileException e) {
      throw LaunchException.notStarted(file + ": no such file");
    } catch (IOException e) {
      throw LaunchException.failed(file + ": " + e.getMessage());
    }
  }
}
