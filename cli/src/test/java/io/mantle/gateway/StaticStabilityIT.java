package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.lastgood.LastGoodFolder;
import io.mantle.extproc.lastgood.SealedJournal;
import io.mantle.gateway.SeparateStack.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The control plane is killed; so are the ext_proc server and Envoy. Requests are served from what
 * was good last, what changed meanwhile holds once the control plane is back, and a sidecar that is
 * cut off for too long refuses.
 */
@ExtendWith(SharedStack.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StaticStabilityIT {
  private static final Duration STARTED_MAX = Duration.ofSeconds(60);
  private static final Duration IN_FORCE_MAX = Duration.ofSeconds(1);
  private static final Duration CAUGHT_UP_MAX = Duration.ofSeconds(30);
  private static final String PROMPT = "My name is " + Canary.NAME + ".";

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static SeparateStack stack;

  @BeforeAll
  static void start(TestDatabase database) throws Exception {
    stack = new SeparateStack(database);
    stack.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi")));
    for (Part part : Part.values()) {
      stack.start(part);
    }
    until(STARTED_MAX, "all is up", StaticStabilityIT::isServed);
  }

  @AfterAll
  static void stop() throws Exception {
    stack.close();
  }

  @Test
  @Order(1)
  void everyPart_killed_sidecarAndEnvoyGoOnFromLastGoodAndCatchUp() throws Exception {
    String doomed = insertTenant("doomed");
    String broken = insertTenant("broken");
    until(CAUGHT_UP_MAX, "a third tenant", () -> status(broken) == 200);
    until(CAUGHT_UP_MAX, "a second tenant", () -> status(doomed) == 200);
    String revoked = TestTenant.newKey("revoked");
    insertKey("demo", revoked);
    until(CAUGHT_UP_MAX, "a second key", () -> status(revoked) == 200);
    assertThat(stack.envoyStatus()).contains(SeparateStack.NODE, "\"connected\":true", "scoped");
    awaitKept(revoked, "doomed");
    awaitKept(broken, "broken");

    stack.kill(Part.CONTROL_PLANE);
    assertThat(isServed()).as("without control plane").isTrue();
    stack.kill(Part.ENVOY);
    stack.kill(Part.EXT_PROC);
    stack.start(Part.EXT_PROC);
    stack.start(Part.ENVOY);
    until(STARTED_MAX, "served from last good", StaticStabilityIT::isServed);
    assertThat(status(revoked)).isEqualTo(200);
    assertThat(status(doomed)).isEqualTo(200);
    until(STARTED_MAX, "ready and warm", () -> stack.extProcReady() == 200);
    assertThat(stack.provider().everyByte()).doesNotContain(Canary.NAME);

    sql("UPDATE proxy_key SET revoked_at = now() WHERE sha256 = ?", TestTenant.sha256(revoked));
    sql("DELETE FROM tenant WHERE id = 'doomed'");
    sql("UPDATE provider SET base_url = 'gopher://x' WHERE tenant_id = 'broken'");
    String added = TestTenant.newKey("added");
    insertKey("demo", added);
    assertThat(status(revoked)).as("nobody is there to say so").isEqualTo(200);
    stack.start(Part.CONTROL_PLANE);
    until(STARTED_MAX, "the revoked key is refused", () -> status(revoked) == 401);
    until(CAUGHT_UP_MAX, "the new key works", () -> status(added) == 200);
    until(CAUGHT_UP_MAX, "the deleted tenant is", () -> status(doomed) == 401);
    until(CAUGHT_UP_MAX, "its routes too", () -> !stack.envoyConfig().contains("\"doomed\""));
    until(
        CAUGHT_UP_MAX,
        "the control plane sees Envoy",
        () -> stack.envoyStatus().contains("\"connected\":true"));
    assertThat(isServed()).isTrue();

    assertThat(stack.envoyStatus()).contains("\"in_force\":\"as_held\"");
    assertThat(status(broken)).as("a tenant whose rows were broken meanwhile").isEqualTo(200);
    sql("UPDATE proxy_key SET revoked_at = now() WHERE sha256 = ?", TestTenant.sha256(broken));
    until(IN_FORCE_MAX, "its revoked key is refused", () -> status(broken) == 401);
    String mended = TestTenant.newKey("mended");
    insertKey("broken", mended);
    sql(
        "UPDATE provider SET base_url = ? WHERE tenant_id = 'broken'",
        stack.provider().baseUrl() + "/mended");
    until(CAUGHT_UP_MAX, "mended", () -> status(mended) == 200);
    assertThat(stack.provider().everyByte()).contains("/mended/chat/completions");
  }

  @Test
  @Order(2)
  void envoy_killedAlone_isServedAgain() throws Exception {
    stack.kill(Part.ENVOY);
    stack.start(Part.ENVOY);

    until(STARTED_MAX, "served", StaticStabilityIT::isServed);
  }

  @Test
  @Order(3)
  void sidecar_cutOffForTooLong_refusesAlsoAfterARestartUntilTheControlPlaneIsBack()
      throws Exception {
    Map<String, String> seconds = Map.of("MANTLE_POLICY_STALE_HOURS_MAX", "0.001");
    stack.kill(Part.EXT_PROC);
    stack.start(Part.EXT_PROC, seconds);
    until(STARTED_MAX, "served", StaticStabilityIT::isServed);

    stack.kill(Part.CONTROL_PLANE);
    until(CAUGHT_UP_MAX, "refused", StaticStabilityIT::isRefusedAsStale);
    assertThat(stack.extProcReady()).isEqualTo(503);
    stack.kill(Part.EXT_PROC);
    stack.start(Part.EXT_PROC, seconds);
    until(STARTED_MAX, "refused after a restart", StaticStabilityIT::isRefusedAsStale);
    assertThat(stack.extProcReady()).isEqualTo(503);

    stack.start(Part.CONTROL_PLANE);
    until(STARTED_MAX, "served again", StaticStabilityIT::isServed);
    until(STARTED_MAX, "ready", () -> stack.extProcReady() == 200);
  }

  @Test
  @Order(4)
  void lastGood_onDisk_holdsNothingInClear() throws Exception {
    try (Stream<Path> files = Files.list(stack.sidecarData().resolve("last-good"))) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain("provider-key", "demo", "gateway");
      }
    }
    assertThat(stack.said(Part.EXT_PROC)).doesNotContain("provider-key", Canary.NAME);
  }

  private static boolean isServed() throws Exception {
    return status(SeparateStack.KEY) == 200;
  }

  private static boolean isRefusedAsStale() throws Exception {
    RawClient.Answer answer = stack.chat(SeparateStack.KEY, Chat.saying(PROMPT));
    return answer.status() == 503
        && Chat.isError(answer.body())
        && answer.body().contains("policies_unavailable");
  }

  private static int status(String key) throws Exception {
    return stack.chat(key, Chat.saying(PROMPT)).status();
  }

  /** Until the files hold this too. */
  private static void awaitKept(String key, String tenant) throws Exception {
    String hash = new String(TestTenant.sha256(key), StandardCharsets.ISO_8859_1);
    until(CAUGHT_UP_MAX, "the key is on disk", () -> kept("policies").contains(hash));
    until(CAUGHT_UP_MAX, "the routes are on disk", () -> kept("envoy").contains(tenant));
  }

  private static String kept(String file) throws Exception {
    return LastGoodFolder.withKeyOfItsOwn(stack.sidecarData())
        .journal(file)
        .read(StaticStabilityIT::text, (before, in) -> before + text(in))
        .map(SealedJournal.Opened::content)
        .orElse("");
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private static String insertTenant(String id) throws Exception {
    sql("INSERT INTO tenant (id, name) VALUES (?, ?)", id, id);
    sql(
        "INSERT INTO provider (tenant_id, name, base_url, models) VALUES (?, 'p', ?, '{gpt-test}')",
        id,
        stack.provider().baseUrl().toString());
    sql(
        "INSERT INTO route (tenant_id, model_pattern, provider_ids)"
            + " SELECT ?, '*', ARRAY[id] FROM provider WHERE tenant_id = ?",
        id,
        id);
    String key = TestTenant.newKey(id);
    insertKey(id, key);
    return key;
  }

  private static void insertKey(String tenant, String key) throws Exception {
    sql("INSERT INTO proxy_key (tenant_id, sha256) VALUES (?, ?)", tenant, TestTenant.sha256(key));
  }

  private static void sql(String statement, Object... values) throws Exception {
    TestDatabase.update(stack.database(), statement, values);
  }

  private static void until(Duration timeMax, String what, Callable<Boolean> check)
      throws Exception {
    Duration took = Until.holds(timeMax, what, check);
    System.out.printf("%s: after %d ms%n", what, took.toMillis());
  }
}
