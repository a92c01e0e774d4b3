package io.mantle.cli;

import io.mantle.privacy.detect.DocumentDetector;
import io.mantle.privacy.detect.evaluation.CleanCorpus;
import io.mantle.privacy.detect.evaluation.FalseAlarms;
import io.mantle.privacy.detect.evaluation.HeldBack;
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
import picocli.CommandLine.Mixin;
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
      "what is marked OTHER is ignored.",
      "With --clean: what is flagged in text that should hold nothing private."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "strict: same start, end and type. leaked: entities with a letter or digit left uncovered.",
      "missed: entities with none covered. overlap: characters, whatever their types.",
      "[low, high]: 95 percent interval, by resampling documents (1,000 samples, fixed seed).",
      "KB/s: one thread, warm, the first MB of text again and again.",
      "Exit codes: 0 done, 1 a file could not be read, 2 wrong usage or no such file."
    })
final class EvalCommand implements Callable<Integer> {
  private static final int ALARMS_SHOWN = 40;
  private static final int CLEAN_CHARS_MAX = 1_000_000;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE.jsonl",
      description = "Labelled text; with --clean folders and archives of unlabelled text.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--clean",
      description = {
        "The arguments hold sources, logs, JSON, documentation: print the share of characters",
        "flagged in each kind, at most a million characters of a kind of each argument."
      })
  private boolean clean;

  @Option(names = "--markdown", description = "The figures as tables for docs/detection.md.")
  private boolean markdown;

  @Option(
      names = "--held-back",
      description = "Only the fifth of the texts that ./mantle train leaves out without --all.")
  private boolean heldBack;

  @Option(
      names = "--coarse",
      description = "ADDRESS counts as LOCATION; SSN and all numbers of documents as ID.")
  private boolean coarse;

  @Option(names = "--json", description = "The figures as one JSON object.")
  private boolean json;

  @Mixin private DetectorOption tiers = new DetectorOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, LaunchException, InterruptedException {
    for (Path file : files) {
      if (clean ? !Files.exists(file) : !Files.isRegularFile(file)) {
        throw LaunchException.notStarted(file + ": no such file");
      }
    }
    DocumentDetector detector = new LinkingDetector(tiers.detector());
    PrintWriter out = spec.commandLine().getOut();
    if (clean) {
      reportClean(detector, out);
    } else {
      reportScores(detector, out);
    }
    out.flush();
    return ExitCode.OK.value();
  }

  private void reportClean(DocumentDetector detector, PrintWriter out) throws IOException {
    CleanCorpus corpus = new CleanCorpus(CLEAN_CHARS_MAX);
    FalseAlarms alarms = new FalseAlarms();
    for (Path file : files) {
      corpus.read(
          file, (kind, text) -> alarms.add(kind, text, detector.detect(new Plaintext(text))));
    }
    CleanReport report = new CleanReport(alarms);
    if (json) {
      report.writeJson(out, ALARMS_SHOWN);
    } else if (markdown) {
      report.writeMarkdown(out);
    } else {
      report.print(out, ALARMS_SHOWN);
    }
  }

  private void reportScores(DocumentDetector detector, PrintWriter out)
      throws IOException, LaunchException {
    Scoring all = new Scoring(coarse);
    SpeedSample speed = new SpeedSample();
    List<ScoreReport.Part> parts = new ArrayList<>();
    for (Path file : files) {
      Scoring one = new Scoring(coarse);
      score(file, detector, speed, one, all);
      parts.add(new ScoreReport.Part(file.toString(), one.score()));
    }
    ScoreReport report = new ScoreReport(parts, all.score(), speed.kbPerSecond(detector::detect));
    if (json) {
      report.writeJson(out);
    } else if (markdown) {
      report.writeMarkdown(out);
    } else {
      report.print(out);
    }
  }

  private void score(
      Path file, DocumentDetector detector, SpeedSample speed, Scoring one, Scoring all)
      throws IOException, LaunchException {
    try (JsonLines documents = new JsonLines(Files.newInputStream(file))) {
      for (LabelledDocument document = documents.next();
          document != null;
          document = documents.next()) {
        if (heldBack && !HeldBack.holds(document)) {
          continue;
        }
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
