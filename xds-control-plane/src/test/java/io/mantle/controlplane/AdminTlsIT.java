package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin port under TLS. */
final class AdminTlsIT {

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void adminPort_withACertificate_speaksHttpsAndNothingElse(
      String algorithm, @TempDir Path directory) throws Exception {
    SelfSigned identity = SelfSigned.in(directory, algorithm);
    try (RunningControlPlane running =
            RunningControlPlane.start(
                directory,
                Map.of(
                    "MANTLE_DATABASE_URL", TestPostgres.create().urlText(),
                    "MANTLE_ADMIN_TLS_CERT_FILE", identity.certificateFile().toString(),
                    "MANTLE_ADMIN_TLS_KEY_FILE", identity.keyFile().toString()));
        HttpClient trusting = HttpClient.newBuilder().sslContext(identity.trust()).build();
        HttpClient strange = HttpClient.newHttpClient()) {
      URI https =
          URI.create("https://127.0.0.1:" + running.controlPlane().adminPort() + "/api/v1/tenants");
      HttpRequest request = HttpRequest.newBuilder(https).build();
      HttpResponse<String> answer = trusting.send(request, HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().firstValue("strict-transport-security"))
          .hasValue("max-age=31536000");
      assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
      assertThatThrownBy(() -> strange.send(request, HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(SSLHandshakeException.class);
      assertThatThrownBy(() -> running.get("/health")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void settings_beyondLoopback_needTlsOrTheWordInsecure(@TempDir Path directory) throws Exception {
    SelfSigned identity = SelfSigned.in(directory, "EC");
    SelfSigned other = SelfSigned.in(directory, "RSA");
    String certificate = identity.certificateFile().toString();

    assertThatThrownBy(() -> Settings.of(Map.of("MANTLE_ADMIN_LISTEN", "0.0.0.0:8081")))
        .isInstanceOf(Settings.InvalidSettings.class)
        .hasMessageContaining("MANTLE_ADMIN_TLS_CERT_FILE")
        .hasMessageContaining("MANTLE_ADMIN_INSECURE=true");
    assertThat(
            Settings.of(
                    Map.of(
                        "MANTLE_ADMIN_LISTEN",
                        "0.0.0.0:8081",
                        "MANTLE_ADMIN_TLS_CERT_FILE",
                        certificate,
                        "MANTLE_ADMIN_TLS_KEY_FILE",
                        identity.keyFile().toString()))
                .adminTls())
        .isPresent();
    assertThat(
            Settings.of(
                    Map.of(
                        "MANTLE_ADMIN_LISTEN", "0.0.0.0:8081",
                        "MANTLE_ADMIN_INSECURE", "true"))
                .adminTls())
        .isEmpty();
    assertThatThrownBy(
            () ->
                Settings.of(
                    Map.of(
                        "MANTLE_ADMIN_LISTEN",
                        "0.0.0.0:8081",
                        "MANTLE_ADMIN_TLS_CERT_FILE",
                        certificate)))
        .hasMessageContaining("MANTLE_ADMIN_TLS_KEY_FILE");
    assertThatThrownBy(
            () ->
                Settings.of(
                    Map.of(
                        "MANTLE_ADMIN_TLS_CERT_FILE",
                        certificate,
                        "MANTLE_ADMIN_TLS_KEY_FILE",
                        other.keyFile().toString())))
        .hasMessageContaining("is not the key of");
    assertThatThrownBy(
            () ->
                Settings.of(
                    Map.of(
                        "MANTLE_ADMIN_TLS_CERT_FILE", certificate,
                        "MANTLE_ADMIN_TLS_KEY_FILE", certificate)))
        .hasMessageContaining("holds no private key");
  }
}
