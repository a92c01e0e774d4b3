package io.mantle.controlplane.budget;

import io.mantle.controlplane.database.BudgetAlert;
import io.mantle.controlplane.database.BudgetAlerts;
import io.mantle.controlplane.database.BudgetWebhooks;
import io.mantle.controlplane.database.BudgetWebhooks.Place;
import io.mantle.controlplane.database.Secret;
import io.mantle.controlplane.probe.Webhook;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends alerts to their tenants' webhooks; a job of {@link
 * io.mantle.controlplane.database.LeaderWork}. Each is sent until the other side takes it, at most
 * {@value #ATTEMPTS_MAX} times in some three hours and a half. It may come twice, under the same
 * id: where the answer was lost, or a leader ended before it wrote that it was there.
 *
 * <p>Tenants do not wait for each other: {@value #TENANTS_AT_ONCE} at once, and one whose webhook
 * fails has its other alerts left for the next run.
 */
public final class AlertDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(AlertDelivery.class);
  static final int ATTEMPTS_MAX = 10;
  private static final int TENANTS_AT_ONCE = 32;
  private static final int ALERTS_IN_A_RUN_MAX = 20;
  private static final Duration RUN_MAX = Duration.ofSeconds(5);

  /** Longer than a call may take, with all that is written about it. */
  private static final Duration LEASE = Duration.ofSeconds(30);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration PAUSE_MAX = Duration.ofHours(1);

  private final BudgetAlerts alerts;
  private final BudgetWebhooks webhooks;
  private final Webhook webhook;
  private final Counter delivered;
  private final Counter failed;
  private final Counter givenUp;

  /** Sends by {@code webhook} what is due in {@code alerts}. */
  public AlertDelivery(
      BudgetAlerts alerts, BudgetWebhooks webhooks, Webhook webhook, MeterRegistry meters) {
    this.alerts = alerts;
    this.webhooks = webhooks;
    this.webhook = webhook;
    this.delivered = counter(meters, "delivered");
    this.failed = counter(meters, "failed");
    this.givenUp = counter(meters, "given_up");
  }

  private static Counter counter(MeterRegistry meters, String result) {
    return Counter.builder("mantle.budget.deliveries")
        .tag("result", result)
        .description("Attempts to send an alert of a budget to a webhook")
        .register(meters);
  }

  /** Sends what is due. */
  public void run(BooleanSupplier stillLeads) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String tenant : alerts.tenantsDue(TENANTS_AT_ONCE)) {
        var _ = threads.submit(() -> send(tenant));
      }
    }
  }

  private void send(String tenantId) {
    try {
      long startNanos = System.nanoTime();
      boolean taken = true;
      for (int i = 0; i < ALERTS_IN_A_RUN_MAX && taken; i++) {
        taken = sendNext(tenantId) && System.nanoTime() - startNanos < RUN_MAX.toNanos();
      }
    } catch (RuntimeException e) {
      // Its class only: a driver's message may quote a row.
      LOG.warn("Alerts of tenant {} are tried again ({})", tenantId, e.getClass().getSimpleName());
    }
  }

  /** False where there is none, or it was not taken. */
  private boolean sendNext(String tenantId) {
    Optional<BudgetAlert> claimed = alerts.claim(tenantId, LEASE);
    if (claimed.isEmpty()) {
      return false;
    }
    BudgetAlert alert = claimed.get();
    Optional<String> error = post(alert);
    if (error.isEmpty()) {
      alerts.delivered(tenantId, alert.id());
      delivered.increment();
      return true;
    }
    int attempts = alert.delivery().attempts();
    boolean last = attempts >= ATTEMPTS_MAX;
    if (last) {
      alerts.givenUp(tenantId, alert.id(), error.get());
      givenUp.increment();
    } else {
      alerts.failed(tenantId, alert.id(), error.get(), pause(attempts));
      failed.increment();
    }
    LOG.warn(
        "Alert {} of tenant {} was not taken at attempt {}{}: {}",
        alert.id(),
        tenantId,
        attempts,
        last ? ", the last" : "",
        error.get());
    return false;
  }

  /** After so many attempts: 1 s, each further time four times as long, up to an hour. */
  static Duration pause(int attempts) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << (2 * Math.min(attempts - 1, 10)));
    return pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX;
  }

  private Optional<String> post(BudgetAlert alert) {
    try {
      Optional<Place> place = webhooks.find(alert.tenantId());
      Optional<Secret> secret = webhooks.secret(alert.tenantId());
      if (place.isEmpty() || secret.isEmpty()) {
        return Optional.of("there is no webhook any more");
      }
      return webhook.post(
          Webhook.Target.of(place.get().url(), place.get().privateAllowed()),
          AlertMessage.of(alert, secret.get(), Instant.now()));
    } catch (Webhook.InvalidUrlException e) {
      return Optional.of("url: " + e.getMessage());
    } catch (GeneralSecurityException e) {
      return Optional.of("secret: the tenant's key does not open it; give it again");
    }
  }
}
