package io.mantle.bench;

import io.mantle.bench.prompt.Delivery;
import io.mantle.bench.prompt.Prompt;
import io.mantle.bench.prompt.Prompts;
import io.mantle.bench.prompt.Prompts.Kind;
import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.tokens.ModelFamily;
import io.mantle.extproc.tokens.PromptSample;
import io.mantle.extproc.tokens.Tokenizers;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.value.Plaintext;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./mantle bench tokens}: what it costs to estimate the tokens of a request, beside what it
 * costs to look through it, by the CPU time of one thread.
 */
@Command(
    name = "mantle bench tokens",
    mixinStandardHelpOptions = true,
    description = "What it costs to estimate the tokens of a request.")
public final class TokenBench implements Callable<Integer> {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Dialect CHAT = Endpoint.CHAT_COMPLETIONS.dialect();
  private static final int LONG_CHARS = 15_000;

  @Option(names = "--quick", description = "A tenth of the repetitions.")
  private boolean quick;

  private final PrintStream out = System.out;

  private TokenBench() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new TokenBench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    out.printf(
        "# Estimates of tokens%n%n%s, load %.1f%n%n", Machine.here().words(), Machine.load());
    Tokenizers tokenizers = new Tokenizers();
    for (ModelFamily family : List.of(ModelFamily.OPENAI, ModelFamily.OPENAI_OLDER)) {
      long before = heapBytes();
      long start = THREADS.getCurrentThreadCpuTime();
      tokenizers.load(family);
      out.printf(
          Locale.ROOT,
          "vocabulary of %s: %.0f ms of CPU, %.1f MB of heap%n",
          family,
          (THREADS.getCurrentThreadCpuTime() - start) / 1e6,
          (heapBytes() - before) / 1e6);
    }
    Detector detector = Detectors.standard();
    int runs = quick ? 100 : 1_000;
    out.printf("%n| body | KB | tokens | ms, median | ms, detection, median | ratio |%n");
    out.println("|---|---|---|---|---|---|");
    texts().forEach((name, text) -> line(name, text, tokenizers, detector, runs));
    return 0;
  }

  private void line(String name, String text, Tokenizers tokenizers, Detector detector, int runs) {
    byte[] body =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(text)
            .getBytes(StandardCharsets.UTF_8);
    long[] tokens = {0};
    double counting =
        medianMillis(
            runs,
            () -> tokens[0] = tokenizers.count(ModelFamily.OPENAI, PromptSample.of(body, CHAT)));
    // The same text again and again is what both do best.
    Plaintext plain = new Plaintext(text);
    double detecting =
        medianMillis(
            Math.clamp(runs * 1_024L / body.length, 5, runs), () -> detector.detect(plain));
    out.printf(
        Locale.ROOT,
        "| %s | %.1f | %,d | %.3f | %.3f | %.3f |%n",
        name,
        body.length / 1024.0,
        tokens[0],
        counting,
        detecting,
        counting / detecting);
  }

  /** Of the second half of the runs. */
  private static double medianMillis(int runs, Runnable work) {
    long[] nanos = new long[runs];
    for (int i = 0; i < 2 * runs; i++) {
      long start = THREADS.getCurrentThreadCpuTime();
      work.run();
      if (i >= runs) {
        nanos[i - runs] = THREADS.getCurrentThreadCpuTime() - start;
      }
    }
    Arrays.sort(nanos);
    return nanos[runs / 2] / 1e6;
  }

  private static Map<String, String> texts() {
    Random random = new Random(1);
    StringBuilder letters = new StringBuilder();
    while (letters.length() < LONG_CHARS) {
      letters.append((char) ('a' + random.nextInt(26)));
    }
    String kilobyte = prompt(Kind.PRIVATE_1K);
    String sixteen = prompt(Kind.PRIVATE_16K);
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("prompt", kilobyte);
    texts.put("long prompt", sixteen);
    texts.put("very long prompt", sixteen.repeat(16));
    texts.put("letters at random", letters.toString());
    texts.put("one letter", "a".repeat(LONG_CHARS));
    texts.put("spaces", " ".repeat(LONG_CHARS));
    texts.put("exclamation marks", "!".repeat(LONG_CHARS));
    texts.put("Chinese characters", "漢字".repeat(LONG_CHARS / 6));
    return texts;
  }

  private static String prompt(Kind kind) {
    Prompt prompt = Prompts.of(kind, Delivery.WHOLE).getFirst();
    return prompt.text().replace("\n", "\\n");
  }

  private static long heapBytes() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
