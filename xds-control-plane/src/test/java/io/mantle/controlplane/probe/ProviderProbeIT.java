package io.mantle.controlplane.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.controlplane.Eventually;
import io.mantle.controlplane.ScriptedProvider;
import io.mantle.controlplane.database.Secret;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of scripted providers on loopback, by names that a scripted name service knows. */
final class ProviderProbeIT {
  private static final String CREDENTIAL = "sk-provider-0123456789-wxyz";
  private static final String GOOD =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"data\":[]}";
  private static final Duration SHORT = Duration.ofMillis(400);

  @TempDir private Path directory;

  @Test
  void openAi_thatAnswers_isValid() throws Exception {
    try (ScriptedProvider provider = ScriptedProvider.plain(GOOD)) {
      ProviderProbe.Result result = call(provider, "openai");

      assertThat(result.error()).isEmpty();
      assertThat(result.isValid()).isTrue();
      assertThat(provider.requests()).hasSize(1);
      assertThat(provider.requests().getFirst())
          .startsWith("GET /v1/models HTTP/1.1\r\nhost: 127.0.0.1:" + provider.port() + "\r\n")
          .contains("authorization: Bearer " + CREDENTIAL + "\r\n")
          .doesNotContain("x-api-key");
    }
  }

  @Test
  void anthropic_isAskedInItsDialect() throws Exception {
    try (ScriptedProvider provider = ScriptedProvider.plain(GOOD)) {
      assertThat(call(provider, "anthropic").isValid()).isTrue();
      assertThat(provider.requests().getFirst())
          .contains("x-api-key: " + CREDENTIAL + "\r\n", "anthropic-version: 2023-06-01\r\n")
          .doesNotContain("authorization");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401, 401: the credential is not accepted",
    "404, 404: there is no list of models at base_url",
    "503, 503: the provider has a failure of its own",
    "204, 204: not the answer of a list of models"
  })
  void status_otherThan200_isSaidWithoutTheBody(int status, String error) throws Exception {
    String answer = "HTTP/1.1 " + status + " Key " + CREDENTIAL + "\r\n\r\nkey " + CREDENTIAL;
    try (ScriptedProvider provider = ScriptedProvider.plain(answer)) {
      assertThat(call(provider, "openai").error()).hasValue(error);
    }
  }

  @Test
  void redirect_isNotFollowed() throws Exception {
    try (ScriptedProvider target = ScriptedProvider.plain(GOOD);
        ScriptedProvider provider =
            ScriptedProvider.plain(
                "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:"
                    + target.port()
                    + "/\r\n\r\n")) {
      assertThat(call(provider, "openai").error().orElseThrow()).startsWith("302: it redirects");
      assertThat(target.requests()).isEmpty();
    }
  }

  @Test
  void provider_thatNeverAnswers_isGivenUp() throws Exception {
    try (ScriptedProvider provider = ScriptedProvider.plain("")) {
      ProviderProbe.Result result = call(provider, "openai");
      assertThat(result.error()).hasValue("timeout: the answer took longer than 400 ms");
      assertThat(result.latencyMillis()).isBetween(400L, 3_000L);
    }
  }

  @Test
  void secureProvider_thatNeverShakesHands_isGivenUp() throws Exception {
    try (ScriptedProvider provider = ScriptedProvider.plain("")) {
      assertThat(
              probe().call("openai", "https://127.0.0.1:" + provider.port(), false, credential()))
          .hasValueSatisfying(
              result ->
                  assertThat(result.error()).hasValue("timeout: TLS took longer than 400 ms"));
    }
  }

  @Test
  void name_thatIsNeverResolved_isGivenUp() {
    ProviderProbe probe =
        new ProviderProbe(
            _ -> {
              try {
                Thread.sleep(2_000);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return List.of();
            },
            directory,
            SHORT);
    assertThat(error(probe, "https://api.example.com"))
        .isEqualTo("timeout: the name took longer than 400 ms");
  }

  @Test
  void calls_beyondTheLimit_areRefusedUntilOneHasEnded() throws Exception {
    CountDownLatch known = new CountDownLatch(1);
    ProviderProbe probe =
        new ProviderProbe(
            _ -> {
              try {
                known.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return List.of(InetAddress.ofLiteral("127.0.0.1"));
            },
            directory,
            Duration.ofMillis(1));
    for (int i = 0; i < 16; i++) {
      assertThat(error(probe, "https://api.example.com")).startsWith("timeout: ");
    }
    assertThat(probe.call("openai", "https://api.example.com", false, credential()))
        .as("those lookups still run, though nobody waits")
        .isEmpty();
    known.countDown();
    Eventually.isTrue(
        "a slot is free",
        Duration.ofSeconds(5),
        () -> probe.call("openai", "https://api.example.com", false, credential()).isPresent());
  }

  @Test
  void endlessStatusLine_isReadToItsLimit() throws Exception {
    try (ScriptedProvider provider =
        ScriptedProvider.plain("HTTP/1.1 200 " + "x".repeat(1 << 20))) {
      assertThat(call(provider, "openai").latencyMillis()).isLessThan(400);
    }
    try (ScriptedProvider provider = ScriptedProvider.plain("x".repeat(1 << 20))) {
      assertThat(call(provider, "openai").error()).hasValue("answer: it is not HTTP");
    }
  }

  @Test
  void port_whereNobodyListens_isSaid() throws Exception {
    int port;
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = listener.getLocalPort();
    }
    assertThat(error(probe(), "http://127.0.0.1:" + port))
        .isEqualTo("connection: none can be made");
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.example.com, false, 93.184.216.34, PUBLIC",
    "https://api.example.com, false, 10.0.0.1, FORBIDDEN",
    "https://api.example.com, false, 169.254.169.254, FORBIDDEN",
    "https://api.example.com, false, '', UNRESOLVED",
    "https://api.example.com, true, 10.0.0.1, ALLOWED",
    "http://127.0.0.1:9000, false, '', ALLOWED",
    "http://ollama:11434, false, '', ALLOWED",
    "gopher://x, false, '', UNKNOWN"
  })
  void address_ofAProvider_isJudgedWithoutACall(
      String baseUrl, boolean privateAllowed, String address, AddressCheck expected) {
    ProviderProbe probe =
        new ProviderProbe(
            host -> {
              if (address.isEmpty()) {
                throw new UnknownHostException(host);
              }
              return List.of(InetAddress.ofLiteral("2606:4700::1"), InetAddress.ofLiteral(address));
            },
            directory,
            SHORT);

    assertThat(probe.checkAddress(baseUrl, privateAllowed)).isEqualTo(expected);
  }

  @Test
  void address_thatIsNotResolvedInTime_isUnknown() throws Exception {
    CountDownLatch known = new CountDownLatch(1);
    ProviderProbe probe =
        new ProviderProbe(
            _ -> {
              try {
                known.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return List.of();
            },
            directory,
            SHORT);

    assertThat(probe.checkAddress("https://api.example.com", false))
        .isEqualTo(AddressCheck.UNKNOWN);
    known.countDown();
  }

  @Test
  void name_withoutAnAddress_isSaid() {
    ProviderProbe probe =
        new ProviderProbe(
            host -> {
              throw new UnknownHostException(host);
            },
            directory,
            SHORT);
    assertThat(error(probe, "https://api.example.com")).isEqualTo("name: it has no address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "168.63.129.16",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::"
      })
  void publicName_withOneInternalAddressAmongOthers_isNotCalled(String address) throws Exception {
    try (ScriptedProvider provider = ScriptedProvider.plain(GOOD)) {
      ProviderProbe probe = probe("8.8.8.8", address);
      assertThat(error(probe, "http://api.example.com:" + provider.port()))
          .isEqualTo("address: it is not on the public Internet");
      assertThat(provider.requests()).isEmpty();
    }
  }

  @Test
  void name_isResolvedOnce_andTheConnectionGoesToWhatWasJudged() throws Exception {
    Path certificate = ScriptedProvider.makeKey(directory, "dns:api.internal");
    AtomicInteger lookups = new AtomicInteger();
    try (ScriptedProvider provider = ScriptedProvider.secure(directory, GOOD)) {
      ProviderProbe probe =
          new ProviderProbe(
              _ -> {
                lookups.incrementAndGet();
                return List.of(InetAddress.ofLiteral("127.0.0.1"));
              },
              certificate,
              Duration.ofSeconds(10));
      Optional<ProviderProbe.Result> result =
          probe.call(
              "openai", "https://api.internal:" + provider.port() + "/v1", false, credential());

      assertThat(result.orElseThrow().error()).isEmpty();
      assertThat(lookups).hasValue(1);
      assertThat(provider.serverNames()).singleElement().asString().contains("api.internal");
      assertThat(provider.requests().getFirst()).contains("host: api.internal:");
    }
  }

  @Test
  void certificate_ofAnotherNameOrIssuer_getsNoCredential() throws Exception {
    Path certificate = ScriptedProvider.makeKey(directory, "dns:api.internal");
    Path strange = Files.createDirectory(directory.resolve("strange"));
    Path strangeCertificate = ScriptedProvider.makeKey(strange, "dns:api.internal");
    try (ScriptedProvider provider = ScriptedProvider.secure(directory, GOOD)) {
      String words = "TLS: its certificate is not trusted, has ended, or is of another name";
      assertThat(error(loopback(certificate), "https://other.internal:" + provider.port()))
          .isEqualTo(words);
      assertThat(error(loopback(strangeCertificate), "https://api.internal:" + provider.port()))
          .isEqualTo(words);
      assertThat(provider.requests()).noneMatch(request -> request.contains(CREDENTIAL));
    }
  }

  @Test
  void credential_withALineBreak_isNotSent() throws Exception {
    try (ScriptedProvider provider = ScriptedProvider.plain(GOOD)) {
      assertThat(
              probe()
                  .call(
                      "openai",
                      "http://127.0.0.1:" + provider.port(),
                      false,
                      Optional.of(Secret.of("a\r\nx-injected: b")))
                  .orElseThrow()
                  .error())
          .hasValue("credential: it does not fit into a header");
      assertThat(provider.requests()).isEmpty();
    }
  }

  private ProviderProbe.Result call(ScriptedProvider provider, String kind) {
    return probe()
        .call(kind, "http://127.0.0.1:" + provider.port() + "/v1", false, credential())
        .orElseThrow();
  }

  private static String error(ProviderProbe probe, String baseUrl) {
    return probe.call("openai", baseUrl, false, credential()).orElseThrow().error().orElseThrow();
  }

  private ProviderProbe probe(String... addresses) {
    List<InetAddress> known = Stream.of(addresses).map(InetAddress::ofLiteral).toList();
    return new ProviderProbe(_ -> known, directory.resolve("none"), SHORT);
  }

  private static ProviderProbe loopback(Path certificates) {
    return new ProviderProbe(
        _ -> List.of(InetAddress.ofLiteral("127.0.0.1")), certificates, Duration.ofSeconds(10));
  }

  private static Optional<Secret> credential() {
    return Optional.of(Secret.of(CREDENTIAL));
  }
}
