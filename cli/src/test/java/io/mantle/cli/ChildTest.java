package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChildTest implements Child.Listener {
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final int SECONDS_MAX = 20;

  @TempDir Path folder;
  private final BlockingQueue<RunningProcess> starts = new LinkedBlockingQueue<>();
  private final BlockingQueue<LaunchException> failures = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final BlockingQueue<Child> children = new LinkedBlockingQueue<>();

  @Override
  public void started(RunningProcess process) {
    starts.add(process);
  }

  @Override
  public void gaveUp(LaunchException reason) {
    failures.add(reason);
  }

  @AfterEach
  void stopAll() throws InterruptedException {
    for (Child child : children) {
      child.stop(GRACE);
    }
  }

  @Test
  void start_endsBeforeReady_givesUpWithTheEndOfItsLog() throws InterruptedException {
    start("echo a wrong setting; exit 3");

    assertThat(failures.poll(SECONDS_MAX, TimeUnit.SECONDS))
        .hasMessageContaining("exit code 3")
        .hasMessageContaining("a wrong setting")
        .hasMessageContaining(log().toString());
    assertThat(starts).hasSize(1);
  }

  @Test
  void start_endsWhenReady_isStartedAgainAndSaysSo() throws InterruptedException {
    Child child = start("exec sleep 60");
    child.mayRestart();
    RunningProcess first = nextStart();
    first.find().ifPresent(ProcessHandle::destroyForcibly);
    ProcessHandle.of(first.pid()).ifPresent(ProcessHandle::destroyForcibly);

    assertThat(nextStart().pid()).isNotEqualTo(first.pid());
    assertThat(said.poll(SECONDS_MAX, TimeUnit.SECONDS)).contains("exit code 137", "again in");
    assertThat(failures).isEmpty();
  }

  @Test
  void stop_runningChild_endsItAndStartsNone() throws InterruptedException {
    Child child = start("exec sleep 60");
    child.mayRestart();
    long pid = nextStart().pid();

    child.stop(GRACE);

    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(starts.poll(500, TimeUnit.MILLISECONDS)).isNull();
    assertThat(failures).isEmpty();
  }

  @Test
  void stop_childThatDoesNotListen_killsIt() throws Exception {
    Child child = start("trap '' TERM; echo deaf; while true; do sleep 0.1; done");
    long pid = nextStart().pid();
    while (!Files.readString(log()).contains("deaf")) {
      Thread.sleep(10);
    }

    child.stop(Duration.ofMillis(200));

    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void start_noSuchProgram_givesUp() throws InterruptedException {
    children.add(Child.start(spec(List.of(folder + "/absent")), this, said::add));

    assertThat(failures.poll(SECONDS_MAX, TimeUnit.SECONDS)).isNotNull();
  }

  private Child start(String script) {
    Child child = Child.start(spec(List.of("/bin/sh", "-c", script)), this, said::add);
    children.add(child);
    return child;
  }

  private ChildSpec spec(List<String> command) {
    return new ChildSpec("it", "it", command, Map.of(), variable -> false, log());
  }

  private Path log() {
    return folder.resolve("it.log");
  }

  private RunningProcess nextStart() throws InterruptedException {
    RunningProcess next = starts.poll(SECONDS_MAX, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }
}
