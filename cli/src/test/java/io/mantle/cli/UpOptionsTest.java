package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class UpOptionsTest {
  private static final DataFolder DATA = new DataFolder(Path.of("data"));

  private static final Listen LOOPBACK =
      new Listen(InetAddress.getLoopbackAddress(), Optional.empty());

  @Test
  void of_samePortTwice_isRefused() {
    assertThatThrownBy(() -> UpOptions.of(DATA, LOOPBACK, 9000, 9000, List.of(), false, null))
        .hasMessageContaining("--admin-port");
  }

  @Test
  void of_portOutOfRange_namesTheFlag() {
    assertThatThrownBy(() -> UpOptions.of(DATA, LOOPBACK, 8080, 65_536, List.of(), false, null))
        .hasMessageContaining("--admin-port must be within");
  }

  @Test
  void of_twoUpstreams_saysNotYet() {
    List<String> two = List.of("https://a.example.com", "https://b.example.com");

    assertThatThrownBy(() -> UpOptions.of(DATA, LOOPBACK, 8080, 8081, two, false, null))
        .hasMessageContaining("not yet");
  }

  @Test
  void of_redis_isTaken() throws LaunchException {
    assertThat(withRedis("redis://127.0.0.1:6379").redis()).contains("redis://127.0.0.1:6379");
    assertThat(withRedis(null).redis()).isEmpty();
  }

  @Test
  void of_redisWithAPassword_isRefusedWithoutIt() {
    assertThatThrownBy(() -> withRedis("redis://:hunter2@127.0.0.1:6379"))
        .hasMessageContaining("MANTLE_VAULT_URL")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void of_redisThatIsNoUrl_isRefused() {
    assertThatThrownBy(() -> withRedis("127.0.0.1")).hasMessageContaining("redis://");
  }

  private static UpOptions withRedis(@Nullable String url) throws LaunchException {
    return UpOptions.of(DATA, LOOPBACK, 8080, 8081, List.of(), false, url);
  }
}
