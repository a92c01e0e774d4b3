package io.mantle.controlplane.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.mantle.controlplane.database.KeysUnavailableException;
import io.mantle.controlplane.database.TenantRepository;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port: health, metrics, the {@link ConsolePage} and the admin API, of which this much is
 * built. Errors are RFC 9457 problem documents.
 */
public final class AdminServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Checks checks;
  private final AdminApi api;
  private final EnvoyStatusResource envoys;
  private final PrivacyResource privacy;
  private final ConversationResource conversations;
  private final PrometheusMeterRegistry meters;
  private final Javalin javalin;

  /**
   * What health and readiness depend on.
   *
   * @param databaseIsUp whether Postgres answers now
   * @param vaultAnswers whether the Redis of the vault answers now; empty where there is none
   * @param isServing whether there is a snapshot to serve
   */
  public record Checks(
      BooleanSupplier databaseIsUp,
      Optional<BooleanSupplier> vaultAnswers,
      BooleanSupplier isServing) {}

  private AdminServer(
      Checks checks,
      AdminApi api,
      EnvoyStatusResource envoys,
      TenantRepository tenants,
      boolean deepTier,
      Deletions deletions,
      PrometheusMeterRegistry meters) {
    this.checks = checks;
    this.api = api;
    this.envoys = envoys;
    this.privacy = new PrivacyResource(tenants, deepTier);
    this.conversations = new ConversationResource(deletions);
    this.meters = meters;
    this.javalin = Javalin.create(this::configure);
  }

  /**
   * Listens.
   *
   * @param port 0 for any free one
   * @param api the resources of tenants and people, and who may ask
   * @param deepTier whether every sidecar has a model for the deep tier
   * @param deletions from where the sidecars keep conversations
   */
  public static AdminServer start(
      String host,
      int port,
      Checks checks,
      AdminApi api,
      EnvoyStatusResource envoys,
      TenantRepository tenants,
      boolean deepTier,
      Deletions deletions,
      PrometheusMeterRegistry meters) {
    AdminServer server = new AdminServer(checks, api, envoys, tenants, deepTier, deletions, meters);
    server.javalin.start(host, port);
    return server;
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.maxRequestSize = 1 << 20;
    config.routes.before(ConsolePage::protect);
    ConsolePage.serve(config.routes);
    config.routes.get("/health", this::health);
    config.routes.get("/ready", this::ready);
    config.routes.get(
        "/metrics",
        context -> context.contentType("text/plain; version=0.0.4").result(meters.scrape()));
    api.serve(config.routes);
    envoys.serve(config.routes);
    privacy.serve(config.routes);
    conversations.serve(config.routes);
    config.routes.exception(Problem.class, (problem, context) -> problem.writeTo(context));
    config.routes.exception(
        HttpResponseException.class, (e, context) -> unmatched(context, e.getStatus()));
    config.routes.exception(
        KeysUnavailableException.class,
        (e, context) -> {
          LOG.warn("{}", e.getMessage());
          new Problem(
                  503,
                  "Keys unavailable",
                  "The key management service cannot be asked; the log says why.")
              .writeTo(context);
        });
    config.routes.exception(
        Exception.class,
        (e, context) -> {
          LOG.error("The admin API failed", e);
          new Problem(500, "Internal error", "The request failed; the log says why.")
              .writeTo(context);
        });
  }

  private void health(Context context) {
    boolean up = checks.databaseIsUp.getAsBoolean();
    Map<String, Object> health = new LinkedHashMap<>();
    health.put("status", up ? "up" : "degraded");
    health.put("db", up ? "up" : "down");
    // Without it what needs no vault goes on, so it does not make this process unhealthy.
    checks.vaultAnswers.ifPresent(
        answers -> health.put("redis", answers.getAsBoolean() ? "up" : "down"));
    json(context.status(up ? 200 : 503), health);
  }

  private void ready(Context context) {
    boolean serving = checks.isServing.getAsBoolean();
    json(context.status(serving ? 200 : 503), Map.of("status", serving ? "ready" : "starting"));
  }

  /** Everything no route is for: the rest of the API comes later, other paths never were. */
  private static void unmatched(Context context, int status) {
    boolean ofApi = context.path().startsWith("/api/v1/");
    if (status == 404 && ofApi) {
      new Problem(501, "Not yet", "This part of the admin API is not built yet.").writeTo(context);
    } else if (status == 404) {
      new Problem(404, "Not found", "There is /, /health, /ready, /metrics and /api/v1.")
          .writeTo(context);
    } else {
      new Problem(status, "Refused", "The request was refused.").writeTo(context);
    }
  }

  private static void json(Context context, Object value) {
    context.contentType("application/json").result(text(value));
  }

  private static String text(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps and lists of texts are JSON", e);
    }
  }

  public int port() {
    return javalin.port();
  }

  @Override
  public void close() {
    javalin.stop();
  }
}
