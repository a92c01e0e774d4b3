package io.mantle.extproc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.vault.VaultSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
  private static final String URL = "rediss://mantle:hunter2@vault.example:6380";

  @TempDir Path folder;

  @Test
  void vault_withoutUrl_isInMemory() {
    assertThat(read(Map.of()).vault()).isInstanceOf(VaultSettings.InMemory.class);
    assertThat(read(Map.of("MANTLE_MASTER_KEY", KEY)).vault())
        .isInstanceOf(VaultSettings.InMemory.class);
  }

  @Test
  void vault_withUrlAndKey_isOnRedisAndPrintsNeither() throws Exception {
    Path file = Files.writeString(folder.resolve("key"), KEY + "\n");
    for (Map<String, String> key :
        List.of(
            Map.of("MANTLE_MASTER_KEY", KEY), Map.of("MANTLE_MASTER_KEY_FILE", file.toString()))) {
      Map<String, String> environment = new HashMap<>(key);
      environment.put("MANTLE_VAULT_URL", URL);
      Settings settings = read(environment);
      assertThat(settings.vault()).isInstanceOf(VaultSettings.OnRedis.class);
      assertThat(settings).asString().doesNotContain("hunter2", KEY);
    }
  }

  @Test
  void vault_withUrlAndNoKeyOrTwo_isRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("key"), KEY);
    assertThatThrownBy(() -> read(Map.of("MANTLE_VAULT_URL", URL)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("MANTLE_MASTER_KEY");
    assertThatThrownBy(
            () ->
                read(
                    Map.of(
                        "MANTLE_VAULT_URL",
                        URL,
                        "MANTLE_MASTER_KEY",
                        KEY,
                        "MANTLE_MASTER_KEY_FILE",
                        file.toString())))
        .hasMessageContaining("both set");
  }

  @Test
  void vault_withUrlAndKeyService_needsNoLocalKey() {
    String uri = "hcvault://vault.example:8200/transit/keys/mantle";
    Settings settings =
        read(
            Map.of(
                "MANTLE_VAULT_URL", URL, "MANTLE_MASTER_KEY_URI", uri, "VAULT_TOKEN", "hunter2"));
    assertThat(settings.vault()).isInstanceOf(VaultSettings.OnRedis.class);
    assertThat(settings).asString().doesNotContain("hunter2");
    assertThatThrownBy(
            () -> read(Map.of("MANTLE_VAULT_URL", URL, "MANTLE_MASTER_KEY_URI", "kms://hunter2")))
        .hasMessageContaining("aws-kms://")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void secrets_thatAreNotUsable_areNotQuoted() {
    assertThatThrownBy(
            () ->
                read(
                    Map.of(
                        "MANTLE_VAULT_URL", "http://u:hunter2@h", "MANTLE_MASTER_KEY", "hunter2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("MANTLE_VAULT_URL is not usable")
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> read(Map.of("MANTLE_VAULT_URL", URL, "MANTLE_MASTER_KEY", "hunter3")))
        .hasMessageContaining("MANTLE_VAULT_URL needs a master key")
        .hasMessageNotContaining("hunter");
    assertThatThrownBy(() -> read(Map.of("MANTLE_VAULT_TTL_HOURS", "0")))
        .hasMessageContaining("MANTLE_VAULT_TTL_HOURS is '0'");
  }

  @Test
  void lastGood_settings_haveDefaultsAndLimits() {
    assertThat(read(Map.of()).lastGood().staleMax()).isEqualTo(Duration.ofHours(24));
    assertThat(read(Map.of()).lastGood().dataFolder()).contains(Path.of(".mantle"));
    assertThat(read(Map.of("MANTLE_DATA_DIR", "")).lastGood().dataFolder()).isEmpty();
    assertThat(read(Map.of("MANTLE_POLICY_STALE_HOURS_MAX", "0.5")).lastGood().staleMax())
        .isEqualTo(Duration.ofMinutes(30));
    for (String wrong : List.of("0", "-1", "NaN", "9000", "a day")) {
      assertThatThrownBy(() -> read(Map.of("MANTLE_POLICY_STALE_HOURS_MAX", wrong)))
          .hasMessageContaining("MANTLE_POLICY_STALE_HOURS_MAX is '" + wrong + "'");
    }
  }

  @Test
  void usageSpool_notSaid_isInTheDataFolder() {
    assertThat(read(Map.of("MANTLE_DATA_DIR", "/data")).usageSpool())
        .contains(Path.of("/data/usage-spool"));
    assertThat(
            read(Map.of("MANTLE_DATA_DIR", "/data", "MANTLE_USAGE_SPOOL_DIR", "/own")).usageSpool())
        .contains(Path.of("/own"));
    assertThat(read(Map.of("MANTLE_DATA_DIR", "")).usageSpool()).isEmpty();
  }

  @Test
  void controlPlane_beyondLoopback_needsTls() {
    assertThat(read(Map.of("MANTLE_CONTROL_PLANE", "127.0.0.1:9000")).controlPlaneTls()).isEmpty();
    assertThat(read(Map.of("MANTLE_CONTROL_PLANE", "[::1]:9000")).controlPlaneTls()).isEmpty();
    assertThatThrownBy(() -> read(Map.of("MANTLE_CONTROL_PLANE", "192.0.2.7:9000")))
        .hasMessageContaining("MANTLE_CONTROL_PLANE is '192.0.2.7:9000', not a loopback address")
        .hasMessageContaining("MANTLE_CONTROL_PLANE_CA_FILE");
    Map<String, String> tls =
        Map.of(
            "MANTLE_CONTROL_PLANE", "192.0.2.7:9000",
            "MANTLE_CONTROL_PLANE_CA_FILE", "ca.pem",
            "MANTLE_CONTROL_PLANE_CERT_FILE", "cert.pem",
            "MANTLE_CONTROL_PLANE_KEY_FILE", "key.pem");
    assertThat(read(tls).controlPlaneTls())
        .contains(new MutualTls.Files(Path.of("ca.pem"), Path.of("cert.pem"), Path.of("key.pem")));
    Map<String, String> partly = new HashMap<>(tls);
    partly.remove("MANTLE_CONTROL_PLANE_KEY_FILE");
    assertThatThrownBy(() -> read(partly)).hasMessageContaining("are set together");
    Map<String, String> onSocket = new HashMap<>(tls);
    onSocket.put("MANTLE_CONTROL_PLANE", "unix:xds.sock");
    assertThatThrownBy(() -> read(onSocket)).hasMessageContaining("for HOST:PORT");
  }

  @Test
  void masterKey_notUsableWithoutAVault_isRefusedAndNotQuoted() {
    assertThatThrownBy(() -> read(Map.of("MANTLE_MASTER_KEY", "hunter2")))
        .hasMessageContaining("the master key is not usable")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void traces_areOffUnlessACollectorIsNamed() {
    assertThat(read(Map.of()).traces().isOn()).isFalse();
    Settings settings =
        read(
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example/otel/",
                "OTEL_EXPORTER_OTLP_HEADERS", "authorization=Basic%20hunter2=,x-a=b",
                "OTEL_TRACES_SAMPLER_ARG", "0.25",
                "MANTLE_TRACE_CONTENT_TENANTS", "acme, other"));
    assertThat(settings.traces().endpoint()).contains(URI.create("https://collector.example/otel"));
    assertThat(settings.traces().headers())
        .containsExactly(Map.entry("authorization", "Basic hunter2="), Map.entry("x-a", "b"));
    assertThat(settings.traces().ratio()).isEqualTo(0.25);
    assertThat(settings.traces().contentTenants()).containsExactlyInAnyOrder("acme", "other");
    assertThat(settings).asString().doesNotContain("hunter2");
    assertThatThrownBy(
            () ->
                read(
                    Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318",
                        "OTEL_EXPORTER_OTLP_HEADERS", "hunter2",
                        "OTEL_TRACES_SAMPLER_ARG", "2",
                        "MANTLE_LOG_FORMAT", "xml")))
        .hasMessageContainingAll(
            "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_HEADERS", "not from 0 to 1", "xml")
        .hasMessageNotContaining("hunter2");
  }

  private static Settings read(Map<String, String> vault) {
    Map<String, String> environment = new HashMap<>(vault);
    environment.put("MANTLE_EXTPROC_SOCKET", "extproc.sock");
    environment.putIfAbsent("MANTLE_CONTROL_PLANE", "unix:xds.sock");
    return Settings.read(environment);
  }
}
