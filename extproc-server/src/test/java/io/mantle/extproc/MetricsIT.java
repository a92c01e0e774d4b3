package io.mantle.extproc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The port that probes and Prometheus ask, over HTTP. */
final class MetricsIT {
  private final AtomicBoolean ready = new AtomicBoolean();
  private final Metrics metrics;

  MetricsIT() throws Exception {
    metrics =
        new Metrics(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            ready::get,
            () -> new Health(Health.Database.UNKNOWN, Health.Redis.NONE));
  }

  @AfterEach
  void stop() {
    metrics.close();
  }

  @Test
  void metrics_scraped_areInTheFormatThatTheirTypeNames() throws Exception {
    HttpResponse<String> scraped = get("/metrics");

    assertThat(scraped.headers().firstValue("content-type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(scraped.body()).contains("# TYPE jvm_memory_used_bytes gauge\n");
  }

  @Test
  void health_databaseUnknown_is200AndSaysSo() throws Exception {
    HttpResponse<String> health = get("/health");

    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(health.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(health.body())
        .isEqualTo("{\"status\":\"degraded\",\"db\":\"unknown\",\"redis\":\"none\"}");
  }

  @Test
  void ready_beforeAndAfter_is503Then200() throws Exception {
    assertThat(get("/ready").statusCode()).isEqualTo(503);
    ready.set(true);
    HttpResponse<String> now = get("/ready");

    assertThat(now.statusCode()).isEqualTo(200);
    assertThat(now.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(now.body()).isEqualTo("{\"ready\":true}");
  }

  private HttpResponse<String> get(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + metrics.port() + path);
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
