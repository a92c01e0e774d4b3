package io.mantle.gateway;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.gateway.ScriptedProvider.Received;
import io.mantle.gateway.ScriptedProvider.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a provider was sent is in the books exactly once, whoever is killed meanwhile. Requests are
 * told apart by the model that they name, which the provider sees and the books hold. {@code
 * -Dmantle.metering.requests=10000} makes it longer.
 */
@ExtendWith(SharedStack.class)
final class MeteringIT {
  private static final int REQUESTS = Integer.getInteger("mantle.metering.requests", 300);
  private static final int KILLS = 4 + REQUESTS / 250; // of each kind at least one
  private static final int CLIENTS = 8;
  private static final Duration WAIT_MAX = Duration.ofMinutes(3);

  private final Random random = new Random(7);
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Set<String> whole = ConcurrentHashMap.newKeySet();
  private final Set<String> failed = ConcurrentHashMap.newKeySet();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger probes = new AtomicInteger();
  private final AtomicInteger atProvider = new AtomicInteger();

  /** Read by who sends; written while there is nobody who could take it. */
  private final ReadWriteLock open = new ReentrantReadWriteLock(true);

  @Test
  void exchanges_underKills_areInTheBooksOnce(@TempDir Path data) throws Exception {
    Map<String, String> settings =
        Map.of("MANTLE_USAGE_SPOOL_DIR", data.resolve("usage-spool").toString());
    try (TestDatabase database = TestDatabase.start(); // of its own, as it is killed
        GatewayStack gateway =
            GatewayStack.start(
                database, GatewayStack.ExtProc.OWN_PROCESS_AS_IS_THE_CONTROL_PLANE, settings)) {
      gateway.provider().answers(this::answer);
      CountDownLatch clients = new CountDownLatch(CLIENTS);
      for (int i = 0; i < CLIENTS; i++) {
        Thread.ofVirtual().start(() -> sendAll(gateway, clients));
      }
      for (int kill = 0; kill < KILLS; kill++) {
        awaitBegun((kill + 1) * REQUESTS / (KILLS + 2) + random.nextInt(REQUESTS / KILLS / 4));
        switch (kill % 5) {
          case 0 -> killWithARequestAtTheProvider(gateway, gateway.extProcProcess());
          case 1 -> {
            kill(gateway.controlPlaneProcess());
            awaitBegun(begun.get() + REQUESTS / KILLS / 4); // these are spooled
            gateway.restartControlPlane();
          }
          case 2 -> {
            database.kill();
            awaitBegun(begun.get() + REQUESTS / KILLS / 4); // these too
            database.restart();
          }
          case 3 -> killWithARequestAtTheProvider(gateway, gateway.envoyProcess());
          default -> {
            kill(gateway.controlPlaneProcess());
            gateway.restartControlPlane();
            killWithARequestAtTheProvider(gateway, gateway.extProcProcess());
          }
        }
      }
      clients.await();
      killWithARequestAtTheProvider(
          gateway, gateway.extProcProcess()); // so that what was acknowledged last is sent again
      assertBooked(gateway, rowsOnceSent(gateway, "last"));
    }
  }

  private void assertBooked(GatewayStack gateway, List<String> rows) throws SQLException {
    Map<String, Long> counts =
        rows.stream()
            .map(row -> row.substring(0, row.indexOf('|')))
            .collect(groupingBy(identity(), counting()));
    assertThat(counts.keySet()).containsAll(seen).containsAll(whole);
    assertThat(counts).allSatisfy((model, count) -> assertThat(count).as(model).isOne());
    assertThat(counts.keySet().stream().filter(Predicate.not(seen::contains)))
        .as("not seen by the provider: in flight when something was killed")
        .isSubsetOf(failed);
    assertThat(rows.stream().filter(row -> whole.contains(row.substring(0, row.indexOf('|')))))
        .allMatch(row -> row.endsWith("|COMPLETED"));
    assertThat(rows.stream().filter(row -> row.endsWith("|UNKNOWN")).count())
        .as("left open by a kill")
        .isPositive()
        .isLessThanOrEqualTo((long) CLIENTS * (KILLS + 1));
    assertThat(gateway.usage("tokens_estimated::text || outcome"))
        .contains("trueUNKNOWN", "falseCOMPLETED");
  }

  /**
   * All rows of exchanges that left, once one that is sent now is among them: they come in order.
   */
  private List<String> rowsOnceSent(GatewayStack gateway, String last) throws Exception {
    send(gateway, last);
    assertThat(whole).contains(last);
    List<String> rows = new ArrayList<>();
    Until.holds(
        WAIT_MAX,
        "the last row is stored",
        () -> {
          rows.clear();
          rows.addAll(gateway.usage("model, outcome"));
          return rows.contains(last + "|COMPLETED");
        });
    // awaitReady's own, and what was refused before anybody was asked
    rows.removeIf(row -> row.startsWith("gpt-test|") || row.startsWith("|"));
    return rows;
  }

  private void sendAll(GatewayStack gateway, CountDownLatch clients) {
    try {
      for (int i = begun.getAndIncrement(); i < REQUESTS; i = begun.getAndIncrement()) {
        open.readLock().lock();
        try {
          send(gateway, "request-" + i);
        } finally {
          open.readLock().unlock();
        }
      }
    } finally {
      clients.countDown();
    }
  }

  /** Sends a request, every other of them for a stream, and notes what became of it. */
  private void send(GatewayStack gateway, String model) {
    boolean streamed = model.hashCode() % 2 == 0;
    String body = Chat.request("Hello.").put("model", model).put("stream", streamed).toString();
    boolean isWhole = false;
    try {
      RawClient.Answer answer = gateway.chat(body);
      isWhole = answer.status() == 200 && answer.whole() && !answer.body().contains("\"error\"");
    } catch (IOException e) {
      isWhole = false; // Envoy is gone, or went
    }
    (isWhole ? whole : failed).add(model);
  }

  private void answer(Received request, Wire wire) throws Exception {
    String model = Chat.JSON.readTree(request.body()).path("model").asText();
    seen.add(model);
    atProvider.incrementAndGet();
    try {
      boolean left = wire.isLeft(Duration.ofMillis(5 + Math.floorMod(model.hashCode(), 30)));
      if (left) {
        return;
      }
      if (!Chat.JSON.readTree(request.body()).path("stream").asBoolean()) {
        wire.json(200, Chat.answer("Hello yourself."));
        return;
      }
      wire.beginEvents();
      for (String piece : Chat.pieces("Hello yourself, and more.", 9)) {
        wire.event(Chat.chunk(piece));
        if (wire.isLeft(Duration.ofMillis(3))) {
          return;
        }
      }
      wire.event(Chat.lastChunk());
      wire.event(Chat.usageChunk());
      wire.event("[DONE]");
      wire.end();
    } finally {
      atProvider.decrementAndGet();
    }
  }

  /**
   * Kills ext_proc or Envoy while a request is at the provider, and starts it again; meanwhile
   * nobody sends.
   */
  private void killWithARequestAtTheProvider(GatewayStack gateway, Process process)
      throws Exception {
    Until.holds(
        WAIT_MAX,
        "the provider has a request, or none is to come",
        () -> atProvider.get() > 0 || begun.get() >= REQUESTS);
    boolean isEnvoy = process.equals(gateway.envoyProcess());
    kill(process);
    open.writeLock().lock();
    try {
      if (isEnvoy) {
        gateway.restartEnvoy();
      } else {
        gateway.restartExtProc();
      }
      Until.holds(WAIT_MAX, "it is back", () -> isBack(gateway));
    } finally {
      open.writeLock().unlock();
    }
  }

  private boolean isBack(GatewayStack gateway) {
    String probe = "probe-" + probes.incrementAndGet();
    send(gateway, probe);
    return whole.contains(probe);
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly().waitFor(); // SIGKILL
  }

  private void awaitBegun(int count) throws Exception {
    int enough = Math.min(count, REQUESTS);
    Until.holds(WAIT_MAX, enough + " requests", () -> begun.get() >= enough);
  }
}
