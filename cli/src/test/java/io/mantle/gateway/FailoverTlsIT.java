package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A route whose two providers are behind TLS, one of which agrees on HTTP/1.1 and the other on
 * HTTP/2 in the handshake: the second is asked where the first fails, with its own credential.
 */
@ExtendWith(SharedStack.class)
final class FailoverTlsIT {
  @TempDir
  @SuppressWarnings("NullAway.Init") // the extension
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static TestCertificates certificates;

  private final GatewayStack gateway;
  private final Canary canary = Canary.hatch();

  @SuppressWarnings("NullAway.Init") // beforeEach
  private ScriptedProvider http1;

  @SuppressWarnings("NullAway.Init") // beforeEach
  private Http2Provider http2;

  FailoverTlsIT(GatewayStack gateway) {
    this.gateway = gateway;
  }

  @BeforeAll
  static void certify(GatewayStack gateway) throws Exception {
    certificates = new TestCertificates(folder);
    certificates.issue("here", "ip:127.0.0.1");
    certificates.issue("elsewhere", "ip:127.0.0.2");
    Files.copy(certificates.authority(), gateway.upstreamAuthorities());
  }

  @BeforeEach
  void startProviders() throws Exception {
    http1 = ScriptedProvider.startSecure(certificates.server("here"));
    http1.answers(
        (request, wire) -> wire.json(200, Chat.answer("2: " + Chat.prompt(request.body()))));
    http2 = new Http2Provider(certificates, "here");
    http2.answers(
        request -> new Http2Provider.Reply(200, Chat.answer("2: " + Chat.prompt(request.body()))));
  }

  @AfterEach
  void stopProviders() throws Exception {
    http1.close();
    http2.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {503, 429})
  void firstOfHttp1_answersWithThat_secondOfHttp2IsAsked(int status) throws Exception {
    ChainTenant tenant = chain(http1.baseUrl().toString(), http2.baseUrl());
    http1.answers((_, wire) -> wire.json(status, "{\"error\":{\"message\":\"no\"}}"));

    assertAnsweredBySecond(tenant);

    assertThat(http1.next().header("authorization"))
        .isEqualTo("Bearer " + ChainTenant.credential(0));
    assertAskedOverHttp2(ChainTenant.credential(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 429})
  void firstOfHttp2_answersWithThat_secondOfHttp1IsAsked(int status) throws Exception {
    ChainTenant tenant = chain(http2.baseUrl(), http1.baseUrl().toString());
    http2.answers(_ -> new Http2Provider.Reply(status, "{\"error\":{\"message\":\"no\"}}"));

    assertAnsweredBySecond(tenant);

    assertAskedOverHttp2(ChainTenant.credential(0));
    ScriptedProvider.Received received = http1.next();
    assertThat(received.body()).isEqualTo(http2.received().getFirst().body());
    assertThat(received.header("authorization")).isEqualTo("Bearer " + ChainTenant.credential(1));
  }

  @Test
  void first_refusesConnections_secondIsAsked() throws Exception {
    ChainTenant tenant = chain(http1.baseUrl().toString(), http2.baseUrl());
    http1.close();

    assertAnsweredBySecond(tenant);

    assertAskedOverHttp2(ChainTenant.credential(1));
  }

  @Test
  void first_hasACertificateOfAnotherPlace_isSentNothingAndSecondIsAsked() throws Exception {
    try (ScriptedProvider impostor =
        ScriptedProvider.startSecure(certificates.server("elsewhere"))) {
      ChainTenant tenant = chain(impostor.baseUrl().toString(), http2.baseUrl());

      assertAnsweredBySecond(tenant);

      assertThat(impostor.everyByte()).isEmpty();
    }
  }

  private ChainTenant chain(String first, String second) throws Exception {
    return ChainTenant.of(gateway, first, second).routed();
  }

  private void assertAnsweredBySecond(ChainTenant tenant) throws Exception {
    RawClient.Answer answer = tenant.chat(Chat.saying(canary.prompt()));

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(Chat.content(answer.body())).isEqualTo("2: " + canary.prompt());
    assertThat(answer.header("x-mantle-provider")).isEqualTo("p1");
  }

  private void assertAskedOverHttp2(String credential) {
    assertThat(http2.received())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.header(":authority"))
                  .isEqualTo(URI.create(http2.baseUrl()).getAuthority());
              assertThat(request.header(":path")).isEqualTo("/v1/chat/completions");
              assertThat(request.header("authorization")).isEqualTo("Bearer " + credential);
              assertThat(request.head().names())
                  .map(CharSequence::toString)
                  .doesNotContain("x-mantle-internal-tenant", "cookie", "user-agent");
              assertThat(request.body()).doesNotContain(canary.traces().toArray(String[]::new));
            });
  }
}
