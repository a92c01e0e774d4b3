package io.mantle.controlplane.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.controlplane.ScriptedProvider;
import io.mantle.controlplane.probe.Webhook.InvalidUrlException;
import io.mantle.controlplane.probe.Webhook.Message;
import io.mantle.controlplane.probe.Webhook.Target;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages to scripted servers on loopback, by names that a scripted name service knows. */
final class WebhookIT {
  private static final Message MESSAGE = new Message("{\"a\":1}", "t=1,v1=ab");
  private static final String TAKEN = "HTTP/1.1 204 No Content\r\n\r\n";

  @TempDir private Path directory;

  @Test
  void message_isPostedAsTheUrlSays_withItsSignature() throws Exception {
    try (ScriptedProvider server = ScriptedProvider.plain(TAKEN)) {
      assertThat(post("http://127.0.0.1:" + server.port() + "/in/?to=a%20b", false)).isEmpty();
      assertThat(server.requests().getFirst())
          .startsWith("POST /in/?to=a%20b HTTP/1.1\r\nhost: 127.0.0.1:" + server.port() + "\r\n")
          .contains("content-length: 7\r\n", "mantle-signature: t=1,v1=ab\r\n");
    }
  }

  @Test
  void name_thatLeadsInside_isNotCalled_unlessItMay() throws Exception {
    try (ScriptedProvider server = ScriptedProvider.plain(TAKEN)) {
      String rest = "://hooks.example.com:" + server.port() + "/";
      assertThat(post("https" + rest, false)).hasValue("address: it is not on the public Internet");
      assertThat(server.requests()).isEmpty();
      assertThat(post("http" + rest, true)).isEmpty();
    }
  }

  @Test
  void redirect_isNotFollowed() throws Exception {
    try (ScriptedProvider server =
        ScriptedProvider.plain("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n")) {
      assertThat(post("http://127.0.0.1:" + server.port(), false))
          .hasValue("302: it redirects, which is not followed");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://hooks.example.com/",
        "http://93.184.215.14/",
        "ftp://hooks.example.com/",
        "https://user:password@hooks.example.com/",
        "https://hooks.example.com/#part",
        "https:///path",
        "hooks",
        "https://hooks.example.com/\u00e9",
        "https://hooks.example.com/a\r\nhost: b"
      })
  void url_thatNothingCanBePostedTo_isRefused(String url) {
    assertThatThrownBy(() -> Target.of(url, false)).isInstanceOf(InvalidUrlException.class);
  }

  private Optional<String> post(String url, boolean privateAllowed) throws Exception {
    return webhook(directory.resolve("none")).post(Target.of(url, privateAllowed), MESSAGE);
  }

  private static Webhook webhook(Path caFile) {
    return new Webhook(
        _ -> List.of(InetAddress.getLoopbackAddress()), caFile, Duration.ofSeconds(5));
  }
}
