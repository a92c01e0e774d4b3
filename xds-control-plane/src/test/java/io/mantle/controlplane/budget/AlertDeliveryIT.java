package io.mantle.controlplane.budget;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.mantle.controlplane.TestPostgres;
import io.mantle.controlplane.database.BudgetAlerts;
import io.mantle.controlplane.database.BudgetWebhooks;
import io.mantle.controlplane.database.Database;
import io.mantle.controlplane.database.MasterKey;
import io.mantle.controlplane.database.Secret;
import io.mantle.controlplane.probe.Webhook;
import io.mantle.vault.keys.LocalKeyset;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Alerts that are due, a real Postgres, and a webhook on loopback. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AlertDeliveryIT {
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private volatile int status;
  private TestPostgres postgres;
  private Database database;
  private BudgetWebhooks webhooks;
  private HttpServer server;
  private String tenant = "";
  private int tenants;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          received.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    postgres = TestPostgres.create();
    database = Database.open(postgres.url());
    database.migrate();
    MasterKey masterKey = new MasterKey(database, LocalKeyset.at(directory.resolve("keyset.json")));
    webhooks = new BudgetWebhooks(database, masterKey);
  }

  @AfterAll
  void stop() {
    server.stop(0);
    database.close();
  }

  @BeforeEach
  void makeTenant() throws Exception {
    received.clear();
    tenant = "t" + tenants++;
    postgres.execute("INSERT INTO tenant (id, name) VALUES ('" + tenant + "', 'T')");
    save();
  }

  private void save() {
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    webhooks.save(
        tenant,
        new BudgetWebhooks.Place(url, false),
        Optional.of(Secret.of("a secret of the webhook")));
  }

  @Test
  void alert_thatIsNeverTaken_isGivenUpAtLast() throws Exception {
    status = 503;
    insert(80);
    for (int i = 0; i < AlertDelivery.ATTEMPTS_MAX + 2; i++) {
      delivery().run(() -> true);
      postgres.execute("UPDATE budget_alert SET next_attempt_at = now()");
    }

    assertThat(received).hasSize(AlertDelivery.ATTEMPTS_MAX);
    assertThat(alerts("delivery || ' ' || attempts || ' ' || error"))
        .containsExactly("failed 10 503");
    assertThat(meters.get("mantle.budget.deliveries").tag("result", "given_up").counter().count())
        .isEqualTo(1);
  }

  @Test
  void webhook_mended_getsWhatItMissed() throws Exception {
    status = 503;
    insert(80);
    insert(100);
    postgres.execute(
        "UPDATE budget_alert SET delivery = 'failed', attempts = 10 WHERE percent = 80");
    delivery().run(() -> true);
    status = 204;
    save();
    delivery().run(() -> true);

    assertThat(alerts("DISTINCT delivery || ' ' || attempts")).containsExactly("delivered 1");
  }

  @Test
  void pause_growsFourfold_toAnHour() {
    assertThat(IntStream.rangeClosed(1, 9).mapToObj(AlertDelivery::pause).map(Duration::toSeconds))
        .containsExactly(1L, 4L, 16L, 64L, 256L, 1_024L, 3_600L, 3_600L, 3_600L);
  }

  @Test
  void alerts_sentByTwoAtOnce_comeOnceEach() throws Exception {
    status = 204;
    for (int percent = 1; percent <= 12; percent++) {
      insert(percent);
    }
    Callable<Void> run =
        () -> {
          delivery().run(() -> true);
          return null;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (Future<Void> done : threads.invokeAll(List.of(run, run))) {
        done.get();
      }
    }

    assertThat(received).hasSize(12).doesNotHaveDuplicates();
    assertThat(alerts("DISTINCT delivery || ' ' || attempts")).containsExactly("delivered 1");
  }

  @Test
  void alert_whoseWebhookIsDeleted_isNotSent() throws Exception {
    insert(80);
    webhooks.delete(tenant);
    delivery().run(() -> true);

    assertThat(received).isEmpty();
    assertThat(alerts("delivery")).containsExactly("none");
  }

  private AlertDelivery delivery() {
    return new AlertDelivery(
        new BudgetAlerts(database), webhooks, new Webhook(Path.of("no-such-file")), meters);
  }

  private void insert(int percent) throws Exception {
    postgres.execute(
        ("INSERT INTO budget_alert (tenant_id, key_id, month, limit_cents, percent, stops,"
                + " spent_nano_usd, delivery) VALUES ('%s', '', '2026-01-01', 100, %d, false, 1,"
                + " 'pending')")
            .formatted(tenant, percent));
  }

  private List<String> alerts(String columns) throws Exception {
    return postgres.query(
        "SELECT " + columns + " FROM budget_alert WHERE tenant_id = '" + tenant + "'");
  }
}
