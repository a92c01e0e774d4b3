package io.mantle.controlplane.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.mantle.controlplane.database.KeysUnavailableException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port: health, metrics, the {@link ConsolePage}, the {@link OpenApiDocument} and the
 * admin API, of which this much is built. Errors are RFC 9457 problem documents.
 */
public final class AdminServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BODY_BYTES_MAX = 1 << 20;

  /** Prometheus 3 refuses a scrape that does not say what it is. */
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final String host;
  private final int port;
  private final Optional<TlsIdentity> tls;
  private final Checks checks;
  private final AdminApi api;
  private final EnvoyStatusResource envoys;
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
      String host,
      int port,
      Optional<TlsIdentity> tls,
      Checks checks,
      AdminApi api,
      EnvoyStatusResource envoys,
      PrometheusMeterRegistry meters) {
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.checks = checks;
    this.api = api;
    this.envoys = envoys;
    this.meters = meters;
    this.javalin = Javalin.create(this::configure);
  }

  /**
   * Listens.
   *
   * @param port 0 for any free one
   * @param tls who this is under HTTPS; empty for plain HTTP
   * @param api the resources of tenants and people, and who may ask
   */
  public static AdminServer start(
      String host,
      int port,
      Optional<TlsIdentity> tls,
      Checks checks,
      AdminApi api,
      EnvoyStatusResource envoys,
      PrometheusMeterRegistry meters) {
    AdminServer server = new AdminServer(host, port, tls, checks, api, envoys, meters);
    server.javalin.start();
    return server;
  }

  private BiFunction<Server, HttpConfiguration, Connector> connector(TlsIdentity identity) {
    String password = "in-memory"; // a key store has to have one
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setKeyStore(identity.keyStore(password));
    context.setKeyStorePassword(password);
    return (server, http) -> {
      HttpConfiguration https = new HttpConfiguration(http);
      // There is one certificate, so a name that it does not have is for the client to judge.
      https.addCustomizer(new SecureRequestCustomizer(false));
      ServerConnector connector =
          new ServerConnector(
              server,
              new SslConnectionFactory(context, HttpVersion.HTTP_1_1.asString()),
              new HttpConnectionFactory(https));
      connector.setHost(host);
      connector.setPort(port);
      return connector;
    };
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.maxRequestSize = BODY_BYTES_MAX;
    config.http.prefer405over404 = true;
    tls.ifPresent(identity -> config.jetty.addConnector(connector(identity)));
    config.jetty.host = host;
    config.jetty.port = port;
    Map<String, String> headers = SecurityHeaders.of(tls.isPresent());
    config.jetty.modifyServer(server -> server.setErrorHandler(new UnparsedRequests(headers)));
    config.routes.before(context -> headers.forEach(context::header));
    ConsolePage.serve(config.routes);
    OpenApiDocument.serve(config.routes);
    config.routes.get("/health", this::health);
    config.routes.get("/ready", this::ready);
    config.routes.get(
        "/metrics", context -> context.contentType(PROMETHEUS_TEXT).result(meters.scrape()));
    api.serve(config.routes);
    envoys.serve(config.routes);
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
    health.put(
        "redis",
        checks.vaultAnswers.map(answers -> answers.getAsBoolean() ? "up" : "down").orElse("none"));
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
    } else if (status == 405) {
      // The API's methods are the gate's; beside it everything is read.
      context.header("Allow", "GET, HEAD");
      new Problem(405, "Method not allowed", "The header Allow names the methods there are.")
          .writeTo(context);
    } else if (status == 404) {
      new Problem(
              404,
              "Not found",
              "There is /, /docs, /openapi.json, /health, /ready, /metrics and /api/v1.")
          .writeTo(context);
    } else if (status == 413) {
      new Problem(
              413,
              "Too large",
              "The request body is larger than %d bytes, the most that is accepted."
                  .formatted(BODY_BYTES_MAX))
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
