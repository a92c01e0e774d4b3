package io.mantle.extproc.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mantle.extproc.response.ResponsePipeline;
import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import io.mantle.extproc.scripted.Tenants;
import io.mantle.extproc.tenant.AnswerPolicy;
import io.mantle.extproc.tenant.Policies;
import io.mantle.extproc.tenant.PolicyBook;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.RequestHead;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.rehydrate.RestorationPolicy;
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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ConversationMemoryTest {
  private static final Header NAMED = new Header("x-privacy-gateway-conversation", "case-7");
  private static final Header LEAVE_SURROGATES = new Header("x-privacy-gateway-rehydrate", "false");
  private static final String MAIL = "maria.garcia@acme-mail.com";
  private static final String ID_1 = "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b";
  private static final String ID_2 = "resp_67ccd3a9da748190baa7f1570fe91ac604becb25c45c1d41";
  private static final String ANSWER_1 = output(ID_1, "noted");
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

  @Test
  void storedAnswer_followedByItsId_staysInItsConversation() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      RequestPipeline requests = requests(vault);
      Sent first = send(requests, input("", MAIL));
      String surrogate = mailIn(first);
      assertThat(tell(requests, first, ANSWER_1)).isEqualTo(ANSWER_1);

      String later = input("\"previous_response_id\":\"%s\",".formatted(ID_1), "go on");
      Sent second = send(requests, later);
      assertThat(body(second)).isEqualTo(later);
      assertThat(second.departure().call().conversation())
          .isEqualTo(first.departure().call().conversation());
      assertThat(second.answer(Sent.JSON, output(ID_2, "I wrote to " + surrogate)))
          .isEqualTo(output(ID_2, "I wrote to " + MAIL));

      // The third turn follows the second, which masked nothing itself.
      assertThat(tell(requests, second, output(ID_2, "ok"))).isEqualTo(output(ID_2, "ok"));
      Sent third = send(requests, input("\"previous_response_id\":\"%s\",".formatted(ID_2), MAIL));
      assertThat(mailIn(third)).isEqualTo(surrogate);
    }
  }

  @Test
  void storedAnswer_followedByAnotherValue_givesItAnotherSurrogate() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      RequestPipeline requests = requests(vault);
      Sent first = send(requests, input("", MAIL));
      String surrogate = mailIn(first);
      tell(requests, first, ANSWER_1);
      String other = "john.miller@other-mail.org";
      Sent second =
          send(requests, input("\"previous_response_id\":\"%s\",".formatted(ID_1), other));
      String both = output(ID_2, "from %s to %s".formatted(surrogate, mailIn(second)));
      assertThat(second.answer(Sent.JSON, both))
          .isEqualTo(output(ID_2, "from %s to %s".formatted(MAIL, other)));
    }
  }

  @Test
  void storedAnswer_followedByItsSurrogateMeantAsItself_isNotMistakenForIt() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      RequestPipeline requests = requests(vault);
      Sent first = send(requests, input("", MAIL));
      String surrogate = mailIn(first);
      tell(requests, first, ANSWER_1);
      // The client never saw it, so it cannot mean whom it stands for.
      Sent second =
          send(requests, input("\"previous_response_id\":\"%s\",".formatted(ID_1), surrogate));
      String other = mailIn(second);
      assertThat(other).isNotEqualTo(surrogate);
      assertThat(second.answer(Sent.JSON, output(ID_2, surrogate + " " + other)))
          .isEqualTo(output(ID_2, MAIL + " " + surrogate));
    }
  }

  @Test
  void storedAnswer_fetchedWithItsSurrogates_letsTheClientMeanThem() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      RequestPipeline requests = requests(vault);
      Sent first = send(requests, input("", MAIL));
      String surrogate = mailIn(first);
      tell(requests, first, ANSWER_1);
      stored(requests, "GET", LEAVE_SURROGATES);
      String later = input("\"previous_response_id\":\"%s\",".formatted(ID_1), surrogate);
      assertThat(body(send(requests, later))).isEqualTo(later);
    }
  }

  @Test
  void storedAnswer_thatNobodyKnows_restoresNothingAndMasks() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      RequestPipeline requests = requests(vault);
      String surrogate = mailIn(send(requests, input("", MAIL)));
      Sent later =
          send(requests, input("\"previous_response_id\":\"%s\",".formatted(ID_1), "I am " + MAIL));
      assertThat(body(later)).doesNotContain(MAIL, surrogate);
      assertThat(later.answer(Sent.JSON, output(ID_2, surrogate)))
          .isEqualTo(output(ID_2, surrogate));
    }
  }

  @Test
  void storedAnswer_thatNobodyKnows_isInNoConversationThatBeganWithItsWords() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      RequestPipeline requests = requests(vault);
      Sent strangers = send(requests, input("", "I am " + MAIL));
      Sent later =
          send(requests, input("\"previous_response_id\":\"%s\",".formatted(ID_1), "I am " + MAIL));
      assertThat(later.departure().call().conversation())
          .isNotEqualTo(strangers.departure().call().conversation());
      assertThat(later.answer(Sent.JSON, output(ID_2, mailIn(strangers))))
          .isEqualTo(output(ID_2, mailIn(strangers)));
    }
  }

  @Test
  void storedAnswer_ofADeletedConversation_restoresNothing() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      RequestPipeline requests = requests(vault);
      Sent first = send(requests, input("", MAIL));
      String surrogate = mailIn(first);
      tell(requests, first, ANSWER_1);
      String conversation = first.departure().call().conversation();
      assertThat(vault.forget("acme", conversation).outcome().word()).isEqualTo("key_destroyed");
      Sent later =
          send(requests, input("\"previous_response_id\":\"%s\",".formatted(ID_1), "go on"));
      assertThat(later.answer(Sent.JSON, output(ID_2, surrogate)))
          .isEqualTo(output(ID_2, surrogate));
      assertThat(stored(requests, "GET").answer(Sent.JSON, output(ID_1, surrogate)))
          .isEqualTo(output(ID_1, surrogate));
    }
  }

  @Test
  void storedAnswer_fetched_isRestoredUntilItIsDeleted() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      RequestPipeline requests = requests(vault);
      Sent first = send(requests, input("", MAIL));
      String surrogate = mailIn(first);
      tell(requests, first, ANSWER_1);
      String answer = output(ID_1, surrogate);
      assertThat(stored(requests, "GET").answer(Sent.JSON, answer)).isEqualTo(output(ID_1, MAIL));
      assertThat(stored(requests, "GET", LEAVE_SURROGATES).answer(Sent.JSON, answer))
          .isEqualTo(answer);

      Sent deletion = stored(requests, "DELETE");
      assertThat(deletion.departure().path()).endsWith("/responses/" + ID_1);
      assertThat(stored(requests, "GET").answer(Sent.JSON, answer)).isEqualTo(answer);
      Sent later =
          send(requests, input("\"previous_response_id\":\"%s\",".formatted(ID_1), "go on"));
      assertThat(later.answer(Sent.JSON, output(ID_2, surrogate)))
          .isEqualTo(output(ID_2, surrogate));
    }
  }

  @Test
  void storedAnswer_followedOrFetched_isRestoredAsTheTenantHasIt() throws Exception {
    TenantPolicy exact =
        Tenants.answering(
            Tenants.acme(),
            new AnswerPolicy(RestorationPolicy.exactOnly(), Map.of(), AnswerPolicy.Produced.PASS));
    for (TenantPolicy tenant : List.of(Tenants.acme(), exact)) {
      try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
        RequestPipeline requests = Gateway.remembering(ConversationMemory.of(vault), tenant);
        Sent first = send(requests, input("", MAIL));
        String surrogate = mailIn(first);
        tell(requests, first, ANSWER_1);
        String shouted = output(ID_2, surrogate.toUpperCase(Locale.ROOT));
        String expected =
            tenant.equals(exact) ? shouted : output(ID_2, MAIL.toUpperCase(Locale.ROOT));
        Sent second =
            send(requests, input("\"previous_response_id\":\"%s\",".formatted(ID_1), "go on"));
        assertThat(second.answer(Sent.JSON, shouted)).isEqualTo(expected);
        assertThat(stored(requests, "GET").answer(Sent.JSON, shouted)).isEqualTo(expected);
      }
    }
  }

  @Test
  void storedAnswer_ofAStream_isKnownByItsFirstEvent() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      Sent first = send(requests(vault), input("", MAIL));
      ResponsePipeline answer = first.answering(200, Sent.SSE);
      String event =
          "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"%s\"}}\n\n"
              .formatted(ID_1);
      answer.accept(event.getBytes(UTF_8));
      assertThat(answer.answerId()).isEqualTo(ID_1);
    }
  }

  @Test
  void answer_thatIsNotStoredOrMasksNothing_isNotKept() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      RequestPipeline requests = requests(vault);
      assertThat(
              send(requests, input("\"store\":false,", MAIL)).departure().call().answer().isKept())
          .isFalse();
      assertThat(send(requests, input("", "nothing")).departure().call().answer().isKept())
          .isFalse();
      assertThat(send(requests, chat(MAIL)).departure().call().answer().isKept()).isFalse();
      assertThat(vault.counts().surrogatesKept()).isZero();
    }
  }

  @Test
  void providersConversation_named_isOneConversation() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      RequestPipeline requests = requests(vault);
      String id = "\"conversation\":\"conv_689667905b048191b4740501625afd94\",";
      String object =
          "\"conversation\":{\"id\":\"conv_689667905b048191b4740501625afd94\"},\"store\":false,";
      Sent first = send(requests, input(id, MAIL));
      Sent later = send(requests, input(object, "go on"));
      assertThat(later.answer(Sent.JSON, output(ID_2, mailIn(first))))
          .isEqualTo(output(ID_2, MAIL));
      Sent other = send(requests, input(id.replace("conv_6", "conv_7"), "go on"));
      assertThat(other.answer(Sent.JSON, output(ID_2, mailIn(first))))
          .isEqualTo(output(ID_2, mailIn(first)));
    }
  }

  @Test
  void sharedVault_away_refusesWhatFollowsAStoredAnswer() throws Exception {
    try (Vault vault = vaultWithoutRedis()) {
      RequestPipeline requests = requests(vault);
      String later = input("\"previous_response_id\":\"%s\",".formatted(ID_1), "go on");
      for (ThrowingCallable needy :
          List.<ThrowingCallable>of(
              () -> send(requests, later),
              () -> stored(requests, "GET"),
              () -> stored(requests, "DELETE"))) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, needy);
        assertThat(refused).isNotNull();
        assertThat(refused.refusal().code()).isEqualTo("vault_unavailable");
      }
    }
  }

  private static Sent stored(RequestPipeline requests, String method, Header... headers)
      throws RefusedException {
    RequestHead head = Gateway.head(method, "/v1/responses/" + ID_1, false, headers);
    if (requests.admit(head, "request-1") instanceof Admission.WithoutBody request) {
      return new Sent(requests.depart(request), request.admitted().endpoint().dialect());
    }
    throw new AssertionError("a request for a stored answer was not let in");
  }

  /** What an exchange does with an answer that is whole. */
  private static String tell(RequestPipeline requests, Sent sent, String answer)
      throws RefusedException {
    ResponsePipeline pipeline = sent.answering(200, Sent.JSON);
    pipeline.accept(answer.getBytes(UTF_8));
    String body = new String(pipeline.finish(), UTF_8);
    String id = pipeline.answerId();
    assertThat(id).isNotNull();
    RequestHead head = Gateway.head("POST", "/v1/responses", true);
    if (requests.admit(head, "request-1") instanceof Admission.Admitted admitted) {
      requests.answered(admitted, sent.departure().call(), Objects.requireNonNull(id));
    }
    return body;
  }

  private static String input(String more, String text) {
    return "{%s\"model\":\"gpt-test\",\"input\":\"%s\"}".formatted(more, text);
  }

  private static String output(String id, String text) {
    return "{\"id\":\"%s\",\"object\":\"response\",\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"%s\"}]}]}"
        .formatted(id, text);
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

  @Test
  void sharedVault_ofARequestThatMasksNothing_isSearchedOnce() throws Exception {
    AtomicInteger searches = new AtomicInteger();
    Function<TenantPolicy, Detector> detectors =
        tenant -> {
          Detector own = tenant.privacy().examination().detector();
          return text -> {
            searches.incrementAndGet();
            return own.detect(text);
          };
        };
    try (Vault own = Vault.inMemory(StoreLimits.STANDARD);
        Vault shared = vaultWithoutRedis()) {
      send(requests(own, detectors), chat("nothing to see"), NAMED);
      int once = searches.getAndSet(0);
      assertThat(once).isPositive();
      send(requests(shared, detectors), chat("nothing to see"), NAMED);
      assertThat(searches).hasValue(once);
    }
  }

  @Test
  void sharedVault_awayAsAnAnswerComes_countsItAsNotKept() throws Exception {
    try (Vault vault = vaultWithoutRedis()) {
      ConversationMemory memory = ConversationMemory.of(vault);
      memory.keepAnswer("acme", ID_1, "case-7");
      assertThat(memory.answersNotKept()).isEqualTo(1);
    }
  }

  @Test
  void link_toAHostThatAnEarlierTurnNamed_isRestored() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      RequestPipeline requests = requests(vault);
      Sent first = send(requests, input("", MAIL + " is in the wiki.mantle.example"));
      String surrogate = mailIn(first);
      tell(requests, first, ANSWER_1);
      String follows = "\"previous_response_id\":\"%s\",".formatted(ID_1);
      Sent second = send(requests, input(follows, "see also docs.mantle.example"));
      String links =
          "https://wiki.mantle.example/%s https://docs.mantle.example/%1$s https://evil.example/%s";
      String said = output(ID_2, links.formatted(surrogate, surrogate));
      String meant = output(ID_2, links.formatted(MAIL, surrogate));
      assertThat(second.answer(Sent.JSON, said)).isEqualTo(meant);
      assertThat(stored(requests, "GET").answer(Sent.JSON, said)).isEqualTo(meant);
    }
  }

  private static RequestPipeline requests(Vault vault) {
    return requests(vault, tenant -> tenant.privacy().examination().detector());
  }

  private static RequestPipeline requests(Vault vault, Function<TenantPolicy, Detector> detectors) {
    PolicyBook book = new PolicyBook();
    book.swap(Policies.NONE.with(List.of(Tenants.acme()), List.of()), true);
    return new RequestPipeline(
        book, Gateway.engine(), detectors, ConversationMemory.of(vault), Gateway.BODY_BYTES_MAX);
  }

  private static Sent send(RequestPipeline requests, String body, Header... headers)
      throws RefusedException {
    String path = body.contains("\"input\":") ? "/v1/responses" : "/v1/chat/completions";
    if (requests.admit(Gateway.head("POST", path, true, headers), "request-1")
        instanceof Admission.Admitted in) {
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
