package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.controlplane.admin.DemoTenant;
import io.mantle.controlplane.xds.MutualTls;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SettingsTest {

  @Test
  void of_nothingSet_usesEveryFallback() {
    Settings settings = Settings.of(Map.of());

    assertThat(settings.databaseUrl()).isEmpty();
    assertThat(settings.adminListen()).hasToString("127.0.0.1:8081");
    assertThat(settings.xdsListen())
        .isEqualTo(new Address.Unix(Path.of(".mantle/xds.sock").toAbsolutePath()));
    assertThat(settings.gateway().bodyBytesMax()).isEqualTo(32 << 20);
    assertThat(settings.seeds()).isEmpty();
    assertThat(settings.signIn().openSignup()).isFalse();
    assertThat(settings.signIn().bootstrapToken()).isEmpty();
  }

  @Test
  void of_severalWrong_namesThemAllAndNoSecret() {
    assertThatThrownBy(
            () ->
                Settings.of(
                    Map.of(
                        "MANTLE_ADMIN_LISTEN", "0.0.0.0:8081",
                        "MANTLE_BODY_BYTES_MAX", "many",
                        "MANTLE_SIGNUP", "maybe",
                        "MANTLE_DATABASE_URL", "mysql://user:hunter2@host/db",
                        "MANTLE_DEMO_KEY", "hunter3")))
        .isInstanceOf(Settings.InvalidSettings.class)
        .hasMessageContaining("MANTLE_ADMIN_LISTEN")
        .hasMessageContaining("MANTLE_BODY_BYTES_MAX")
        .hasMessageContaining("MANTLE_SIGNUP")
        .hasMessageContaining("MANTLE_DATABASE_URL")
        .hasMessageContaining("MANTLE_DEMO_KEY")
        .hasMessageNotContaining("hunter");
  }

  @Test
  void of_xdsBeyondLoopback_needsTls() {
    assertThatThrownBy(() -> Settings.of(Map.of("MANTLE_XDS_LISTEN", "0.0.0.0:9000")))
        .isInstanceOf(Settings.InvalidSettings.class)
        .hasMessageContaining("0.0.0.0:9000 is not a loopback address")
        .hasMessageContaining("MANTLE_XDS_TLS_CERT_FILE");
    assertThatThrownBy(
            () ->
                Settings.of(
                    Map.of(
                        "MANTLE_XDS_LISTEN", "0.0.0.0:9000",
                        "MANTLE_XDS_TLS_CERT_FILE", "cert.pem",
                        "MANTLE_XDS_TLS_KEY_FILE", "key.pem")))
        .as("whoever has no certificate would be let in")
        .hasMessageContaining("are set together");
    assertThatThrownBy(() -> Settings.of(Map.of("MANTLE_XDS_TLS_CERT_FILE", "cert.pem")))
        .hasMessageContaining("for MANTLE_XDS_LISTEN as host:port");
    Settings settings =
        Settings.of(
            Map.of(
                "MANTLE_XDS_LISTEN", "0.0.0.0:9000",
                "MANTLE_XDS_TLS_CERT_FILE", "cert.pem",
                "MANTLE_XDS_TLS_KEY_FILE", "key.pem",
                "MANTLE_XDS_TLS_CLIENT_CA_FILE", "ca.pem"));
    assertThat(settings.xdsTls())
        .contains(new MutualTls(Path.of("cert.pem"), Path.of("key.pem"), Path.of("ca.pem")));
  }

  @Test
  void of_demoSettings_becomeSeeds() {
    Settings settings =
        Settings.of(
            Map.of(
                "MANTLE_DEMO_KEY", "sk-mantle-demo-12345678",
                "MANTLE_DEMO_UPSTREAM_URL", "http://127.0.0.1:9001",
                "MANTLE_DEMO_MODELS", "a, b,"));

    assertThat(settings.seeds())
        .singleElement()
        .satisfies(
            seed ->
                assertThat(seed.upstreams())
                    .singleElement()
                    .satisfies(up -> assertThat(up.models()).containsExactly("a", "b")))
        .extracting(DemoTenant.Seed::toString)
        .isEqualTo("Seed[demo]");
  }

  @Test
  void of_keyWithoutUpstream_isRefused() {
    assertThatThrownBy(() -> Settings.of(Map.of("MANTLE_CANARY_KEY", "sk-mantle-canary-1234")))
        .isInstanceOf(Settings.InvalidSettings.class)
        .hasMessageContaining("MANTLE_CANARY_UPSTREAM_URL");
  }

  @Test
  void of_databaseUrl_keepsThePasswordOutOfWhatIsPrinted() {
    Settings settings =
        Settings.of(
            Map.of(
                "MANTLE_DATABASE_URL",
                "postgres://me:p%40ss@db.example:5433/mantle?sslmode=require"));

    assertThat(settings.databaseUrl().orElseThrow().jdbcUrl())
        .isEqualTo("jdbc:postgresql://db.example:5433/mantle?sslmode=require");
    assertThat(settings.databaseUrl().orElseThrow().properties()).containsEntry("password", "p@ss");
    assertThat(settings).asString().doesNotContain("p@ss");
  }
}
