package io.mantle.extproc.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import io.mantle.extproc.scripted.Tenants;
import io.mantle.extproc.tenant.Policies;
import io.mantle.extproc.tenant.PolicyBook;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.vault.Vault;
import io.mantle.vault.keys.LocalKeyset;
import io.mantle.vault.redis.RedisAddress;
import io.mantle.vault.redis.RedisStore;
import io.mantle.vault.redis.RedisTimes;
import io.mantle.vault.store.StoreLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConversationMemoryTest {
  private static final Header NAMED = new Header("x-privacy-gateway-conversation", "case-7");
  private static final Header LEAVE_SURROGATES = new Header("x-privacy-gateway-rehydrate", "false");
  private static final String MAIL = "maria.garcia@acme-mail.com";
  private static final Pattern ANY_MAIL = Pattern.compile("[\\w.+-]+@[\\w.-]+\\w");

  @Test
  void surrogate_thatReachedTheClient_isRecognisedAndRestoredLater() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      RequestPipeline requests = requests(vault);
      String surrogate = mailIn(send(requests, chat(MAIL), NAMED, LEAVE_SURROGATES));
      assertThat(surrogate).isNotEqualTo(MAIL);

      Sent later = send(requests, chat("write to " + surrogate), NAMED);
      assertThat(body(later)).isEqualTo(chat("write to " + surrogate));
      assertThat(later.answer("application/json", answer("I wrote to " + surrogate)))
          .isEqualTo(answer("I wrote to " + MAIL));
    }
  }

  @Test
  void surrogate_besideItsOriginal_leavesAsOne() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      RequestPipeline requests = requests(vault);
      String surrogate = mailIn(send(requests, chat(MAIL), NAMED, LEAVE_SURROGATES));
      String both = chat("%s is %s".formatted(MAIL, surrogate));
      assertThat(body(send(requests, both, NAMED)))
          .isEqualTo(chat("%s is %1$s".formatted(surrogate)));
    }
  }

  @Test
  void surrogate_ofAnotherConversation_isAValueLikeAnyOther() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      RequestPipeline requests = requests(vault);
      String surrogate = mailIn(send(requests, chat(MAIL), NAMED, LEAVE_SURROGATES));
      Header other = new Header("x-privacy-gateway-conversation", "case-8");
      assertThat(body(send(requests, chat(surrogate), other))).doesNotContain(surrogate, MAIL);
    }
  }

  @Test
  void surrogate_afterItsConversationWasDeleted_restoresNothing() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      RequestPipeline requests = requests(vault);
      String surrogate = mailIn(send(requests, chat(MAIL), NAMED, LEAVE_SURROGATES));
      assertThat(vault.forget("acme", "case-7").outcome().word()).isEqualTo("key_destroyed");
      Sent later = send(requests, chat("write to " + surrogate), NAMED);
      assertThat(later.answer("application/json", answer("to " + surrogate)))
          .isEqualTo(answer("to " + surrogate));
      assertThat(vault.forget("acme", "case-7").outcome().word()).isEqualTo("nothing_stored");
    }
  }

  @Test
  void surrogates_thatAreRestored_areNotKept() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      send(requests(vault), chat(MAIL), NAMED);
      assertThat(vault.counts().surrogatesKept()).isZero();
      assertThat(vault.forget("acme", "case-7").outcome().word()).isEqualTo("nothing_stored");
    }
  }

  @Test
  void sharedVault_away_refusesWhatMasksAndLetsTheRestGo() throws Exception {
    try (Vault vault = vaultWithoutRedis()) {
      RequestPipeline requests = requests(vault);
      assertThat(requests.mayWait()).isTrue();
      assertThat(body(send(requests, chat("nothing to see"), NAMED)))
          .isEqualTo(chat("nothing to see"));

      RefusedException refused =
          catchThrowableOfType(RefusedException.class, () -> send(requests, chat(MAIL), NAMED));
      assertThat(refused).isNotNull();
      Refusal refusal = refused.refusal();
      assertThat(refusal.status()).isEqualTo(503);
      assertThat(refusal.code()).isEqualTo("vault_unavailable");
      assertThat(refusal.retryable()).isTrue();
    }
  }

  private static Vault vaultWithoutRedis() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    return new Vault(
        LocalKeyset.ephemeral(),
        new RedisStore(
            RedisAddress.parse("redis://127.0.0.1:" + port),
            StoreLimits.STANDARD,
            RedisTimes.STANDARD),
        StoreLimits.STANDARD);
  }

  private static RequestPipeline requests(Vault vault) {
    PolicyBook book = new PolicyBook();
    book.swap(Policies.NONE.with(List.of(Tenants.acme()), List.of()), true);
    return new RequestPipeline(
        book,
        Gateway.engine(),
        tenant -> tenant.privacy().examination().detector(),
        ConversationMemory.of(vault),
        Gateway.BODY_BYTES_MAX);
  }

  private static Sent send(RequestPipeline requests, String body, Header... headers)
      throws RefusedException {
    if (requests.admit(Gateway.chatHead(headers), "request-1") instanceof Admission.Admitted in) {
      return new Sent(requests.depart(in, body.getBytes(UTF_8)), in.endpoint().dialect());
    }
    throw new AssertionError("a chat completion request was answered on the spot");
  }

  private static String chat(String text) {
    return "{\"model\":\"gpt-test\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(text);
  }

  private static String answer(String text) {
    return "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"%s\"}}]}"
        .formatted(text);
  }

  private static String body(Sent sent) {
    return new String(sent.departure().body(), UTF_8);
  }

  private static String mailIn(Sent sent) {
    Matcher mail = ANY_MAIL.matcher(body(sent));
    assertThat(mail.find()).isTrue();
    return mail.group();
  }
}
