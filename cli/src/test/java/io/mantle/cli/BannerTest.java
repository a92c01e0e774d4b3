package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BannerTest {
  private static final UpOptions OPTIONS =
      new UpOptions(
          new DataFolder(Path.of("data")),
          new Listen(InetAddress.getLoopbackAddress(), Optional.empty()),
          8080,
          8081,
          List.of(),
          false,
          Optional.empty());

  @Test
  void text_saysWhereEverythingListens() {
    RunFile run =
        new RunFile(
            "http://127.0.0.1:1/v1",
            "http://127.0.0.1:1",
            "http://127.0.0.1:2",
            "sk-mantle-k",
            "mantle-admin-t",
            "http://127.0.0.1:3",
            "http://127.0.0.1:4",
            Map.of());

    assertThat(new Banner(run, OPTIONS).text())
        .contains(
            "OpenAI base URL     http://127.0.0.1:1/v1\n",
            "Anthropic base URL  http://127.0.0.1:1\n",
            "Control plane       http://127.0.0.1:2\n",
            "Key                 sk-mantle-k\n",
            "Metrics             http://127.0.0.1:2/metrics (control plane)\n",
            "                    http://127.0.0.1:4/metrics (ext_proc server)\n",
            "                    http://127.0.0.1:3/stats/prometheus (Envoy)\n",
            "-H 'Authorization: Bearer sk-mantle-k'")
        .doesNotContain("mantle-admin-t");
  }
}
