package io.mantle.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One thing that has to be so before a run is ready.
 *
 * @param label as in "control plane ready in 2.1 s"
 * @param log where to look when it does not come about
 */
record Probe(String label, Path log, Check check) {
  /** Asked again and again; must answer within a few seconds. */
  @FunctionalInterface
  interface Check {
    /**
     * Empty when it is so, else why not, in words that hold no key and no text.
     *
     * @throws IOException as good as a reason: nothing answers yet
     * @throws LaunchException when waiting longer is of no use
     */
    Optional<String> whyNot() throws IOException, InterruptedException, LaunchException;
  }

  Optional<String> whyNot() throws InterruptedException, LaunchException {
    try {
      return check.whyNot();
    } catch (IOException e) {
      return Optional.of("no answer");
    }
  }
}
