package io.mantle.bench.detect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Presidio's analyzer in a Python process; see {@code bench/presidio.py} for what it answers. */
final class Presidio implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path SCRIPT =
      Path.of(System.getProperty("mantle.root", ""), "bench", "presidio.py");

  private final Process process;
  private final BufferedReader output;
  private final Writer input;
  private final String words;

  private Presidio(Process process) throws IOException {
    this.process = process;
    output = process.inputReader(StandardCharsets.UTF_8);
    input = process.outputWriter(StandardCharsets.UTF_8);
    JsonNode about = read();
    words =
        "Presidio %s with %s (spaCy %s)"
            .formatted(
                about.path("presidio").asText(),
                about.path("model").asText(),
                about.path("spacy").asText());
  }

  /**
   * Starts it and waits until it has loaded.
   *
   * @param python an interpreter that has {@code presidio-analyzer} and the model
   * @throws IOException if it does not start
   */
  static Presidio start(Path python) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(python.toString(), SCRIPT.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(Map.of("OMP_NUM_THREADS", "1", "OPENBLAS_NUM_THREADS", "1"));
    Process process = builder.start();
    try {
      return new Presidio(process);
    } catch (IOException e) {
      process.destroy();
      throw e;
    }
  }

  /** Its version and the model's name. */
  String words() {
    return words;
  }

  void run(List<String> texts, Timing timing) throws IOException {
    for (String text : texts) {
      input.write(JSON.writeValueAsString(text) + "\n");
      input.flush();
      JsonNode answer = read();
      timing.add(answer.path("wall_ns").asLong(), answer.path("cpu_ns").asLong());
    }
  }

  private JsonNode read() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new IOException("Presidio's process ended");
    }
    return JSON.readTree(line);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
