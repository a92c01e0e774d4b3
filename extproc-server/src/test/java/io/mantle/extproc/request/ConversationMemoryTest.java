package io.mantle.extproc.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mantle.extproc.response.ResponsePipeline;
import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import io.mantle.extproc.scripted.Tenants;
import io.mantle.extproc.tenant.AnswerPolicy;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.privacy.KnownSurrogates.Known;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.rehydrate.RestorationPolicy;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.vault.Vault;
import io.mantle.vault.keys.LocalKeyset;
import io.mantle.vault.redis.RedisAddress;
import io.mantle.vault.redis.RedisStore;
import io.mantle.vault.redis.RedisTimes;
import io.mantle.vault.store.StoreLimits;
import io.mantle.vault.value.ConversationName;
import io.mantle.vault.value.Receipt;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ConversationMemoryTest {
  private static final Header NAMED = new Header("x-privacy-gateway-conversation", "case-7");
  private static final Header LEAVE_SURROGATES = new Header("x-privacy-gateway-rehydrate", "false");
  private static final String MAIL = "maria.garcia@acme-mail.com";
  private static final String ID_1 = "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b";
  private static final String ID_2 = "resp_67ccd3a9da748190baa7f1570fe91ac604becb25c45c1d41";
  private static final String ID_3 = "resp_67ccd4b5ea748190baa7f1570fe91ac604becb25c45c1d42";
  private static final String ANSWER_1 = output(ID_1, "noted");
  private static final Pattern ANY_MAIL = Pattern.compile("[\\w.+-]+@[\\w.-]+\\w");
  private static final String RESPONSES = "/v1/responses";

  @AutoClose private final Vault vault = Vault.inMemory(StoreLimits.STANDARD);
  private final Gateway gateway = Gateway.remembering(ConversationMemory.of(vault));

  @Test
  void surrogate_thatReachedTheClient_isRecognisedAndRestoredLater() throws Exception {
    String surrogate = mailIn(gateway.send(chat(MAIL), NAMED, LEAVE_SURROGATES));
    assertThat(surrogate).isNotEqualTo(MAIL);

    Sent later = gateway.send(chat("write to " + surrogate), NAMED);
    assertThat(later.upstream()).isEqualTo(chat("write to " + surrogate));
    assertThat(later.answer("application/json", answer("I wrote to " + surrogate)))
        .isEqualTo(answer("I wrote to " + MAIL));
  }

  @Test
  void surrogate_besideItsOriginal_leavesAsOne() throws Exception {
    String surrogate = mailIn(gateway.send(chat(MAIL), NAMED, LEAVE_SURROGATES));
    String both = chat("%s is %s".formatted(MAIL, surrogate));
    assertThat(gateway.send(both, NAMED).upstream())
        .isEqualTo(chat("%s is %1$s".formatted(surrogate)));
  }

  @Test
  void surrogate_ofAnotherConversation_isAValueLikeAnyOther() throws Exception {
    String surrogate = mailIn(gateway.send(chat(MAIL), NAMED, LEAVE_SURROGATES));
    Header other = new Header("x-privacy-gateway-conversation", "case-8");
    assertThat(gateway.send(chat(surrogate), other).upstream()).doesNotContain(surrogate, MAIL);
  }

  @Test
  void surrogate_afterItsConversationWasDeleted_restoresNothing() throws Exception {
    String surrogate = mailIn(gateway.send(chat(MAIL), NAMED, LEAVE_SURROGATES));
    assertThat(vault.forget("acme", "case-7").outcome().word()).isEqualTo("key_destroyed");
    Sent later = gateway.send(chat("write to " + surrogate), NAMED);
    assertThat(later.answer("application/json", answer("to " + surrogate)))
        .isEqualTo(answer("to " + surrogate));
    assertThat(vault.forget("acme", "case-7").outcome().word()).isEqualTo("nothing_stored");
  }

  @Test
  void surrogates_thatAreRestored_areNotKept() throws Exception {
    gateway.send(chat(MAIL), NAMED);
    assertThat(vault.counts().surrogatesKept()).isZero();
    assertThat(vault.forget("acme", "case-7").outcome().word()).isEqualTo("nothing_stored");
  }

  @Test
  void sharedVault_away_refusesWhatMasksAndLetsTheRestGo() throws Exception {
    try (Vault away = vaultWithoutRedis()) {
      Gateway failing = Gateway.remembering(ConversationMemory.of(away));
      assertThat(failing.mayWait()).isTrue();
      assertThat(failing.send(chat("nothing to see"), NAMED).upstream())
          .isEqualTo(chat("nothing to see"));

      RefusedException refused =
          catchThrowableOfType(RefusedException.class, () -> failing.send(chat(MAIL), NAMED));
      assertThat(refused).isNotNull();
      Refusal refusal = refused.refusal();
      assertThat(refusal.status()).isEqualTo(503);
      assertThat(refusal.code()).isEqualTo("vault_unavailable");
      assertThat(refusal.retryable()).isTrue();
    }
  }

  @Test
  void storedAnswer_followedByItsId_staysInItsConversation() throws Exception {
    Sent first = gateway.sendTo(RESPONSES, input("", MAIL));
    String surrogate = mailIn(first);
    assertThat(gateway.tell(first, ANSWER_1)).isEqualTo(ANSWER_1);

    String later = following(ID_1, "go on");
    Sent second = gateway.sendTo(RESPONSES, later);
    assertThat(second.upstream()).isEqualTo(later);
    assertThat(second.departure().call().conversation())
        .isEqualTo(first.departure().call().conversation());
    assertThat(second.answer(Sent.JSON, output(ID_2, "I wrote to " + surrogate)))
        .isEqualTo(output(ID_2, "I wrote to " + MAIL));

    // The third turn follows the second, which masked nothing itself.
    assertThat(gateway.tell(second, output(ID_2, "ok"))).isEqualTo(output(ID_2, "ok"));
    Sent third = gateway.sendTo(RESPONSES, following(ID_2, MAIL));
    assertThat(mailIn(third)).isEqualTo(surrogate);
  }

  @Test
  void storedAnswers_ofTwoWhoBeganAlike_restoreToEachItsOwnAlone() throws Exception {
    String hers = "ana.lopez@first-mail.org";
    String his = "john.miller@other-mail.org";
    Sent herFirst = storedFirst(gateway, ID_1);
    Sent hisFirst = storedFirst(gateway, ID_2);
    // The same words in the same scope: the same surrogates.
    assertThat(hisFirst.upstream()).isEqualTo(herFirst.upstream());

    String hersMasked = mailIn(gateway.sendTo(RESPONSES, following(ID_1, "mine is " + hers)));
    String hisMasked = mailIn(gateway.sendTo(RESPONSES, following(ID_2, "mine is " + his)));
    String both = output(ID_3, hersMasked + " " + hisMasked);
    assertThat(gateway.sendTo(RESPONSES, following(ID_1, "go on")).answer(Sent.JSON, both))
        .isEqualTo(output(ID_3, hers + " " + hisMasked));
    assertThat(gateway.sendTo(RESPONSES, following(ID_2, "go on")).answer(Sent.JSON, both))
        .isEqualTo(output(ID_3, hersMasked + " " + his));
    String fetched = stored(gateway, "GET").answer(Sent.JSON, both);
    assertThat(fetched).isEqualTo(output(ID_3, hers + " " + hisMasked));
  }

  @Test
  void storedAnswers_ofTwoWhoBeganAlike_goAloneOrTogether() throws Exception {
    Sent herFirst = storedFirst(gateway, ID_1);
    Sent hisFirst = storedFirst(gateway, ID_2);
    String surrogate = mailIn(herFirst);
    assertThat(word(vault.forget("acme", conversation(herFirst)))).isEqualTo("key_destroyed");
    assertThat(said(following(ID_1, "go on"), surrogate)).isEqualTo(surrogate);
    assertThat(said(following(ID_2, "go on"), surrogate)).isEqualTo(MAIL);

    String scope = ConversationName.parse(conversation(hisFirst)).scope();
    assertThat(word(vault.forget("acme", scope))).isEqualTo("key_destroyed");
    assertThat(said(following(ID_2, "go on"), surrogate)).isEqualTo(surrogate);
    assertThat(word(vault.forget("acme", scope))).isEqualTo("nothing_stored");
  }

  @Test
  void conversation_ofWhatIsKept_isAnotherForEachThatBegins() throws Exception {
    Sent one = storedFirst(gateway, ID_1);
    Sent two = storedFirst(gateway, ID_2);
    assertThat(conversation(one)).matches("[0-9a-f]{32}\\.[A-Za-z0-9_-]{12}");
    ConversationName name = ConversationName.parse(conversation(one));
    assertThat(conversation(two)).startsWith(name.scope()).isNotEqualTo(name.text());
    // Nothing is kept of these, so there is nothing to tell apart.
    assertThat(conversation(gateway.sendTo(RESPONSES, input("\"store\":false,", MAIL))))
        .isEqualTo(name.scope());
    assertThat(conversation(gateway.sendTo(RESPONSES, input("", "nothing"))))
        .matches("[0-9a-f]{32}");
    // One that is named has that name.
    assertThat(conversation(gateway.sendTo(RESPONSES, input("", MAIL), NAMED))).isEqualTo("case-7");
    Header again = new Header(NAMED.name(), name.text());
    Sent named = gateway.sendTo(RESPONSES, input("", "I am " + MAIL), again);
    assertThat(conversation(named)).isEqualTo(name.text());
    assertThat(mailIn(named)).isEqualTo(mailIn(one));
  }

  @Test
  void surrogates_ofAClientThatResendsAndStores_stayFromTurnToTurnAndAreRecognised()
      throws Exception {
    String turn = "{\"role\":\"user\",\"content\":\"%s\"}";
    String first = turn.formatted("I am " + MAIL);
    Sent one = gateway.sendTo(RESPONSES, turns(first), LEAVE_SURROGATES);
    String surrogate = mailIn(one);
    String both = first + "," + turn.formatted("Write to " + surrogate);
    Sent two = gateway.sendTo(RESPONSES, turns(both));
    assertThat(two.upstream()).isEqualTo(turns(both.replace(MAIL, surrogate)));
    assertThat(two.answer(Sent.JSON, output(ID_2, surrogate))).isEqualTo(output(ID_2, MAIL));
    Sent notStored =
        gateway.sendTo(RESPONSES, turns(both).replace("{\"model", "{\"store\":false,\"model"));
    assertThat(mailIn(notStored)).isEqualTo(surrogate);
  }

  @Test
  void conversation_whoseScopeIsDeletedAsItBegins_isRefusedAndLeavesNothing() throws Exception {
    Sent shown = gateway.sendTo(RESPONSES, input("", MAIL), LEAVE_SURROGATES);
    String scope = ConversationName.parse(conversation(shown)).scope();
    ConversationMemory memory = ConversationMemory.of(vault);
    byte[] key = Tenants.acme().surrogateKey();
    Conversation beginning = Conversation.named(key, scope).beginning();
    ConversationMemory.Recalled recalled = memory.recall("acme", beginning);
    assertThat(word(vault.forget("acme", scope))).isEqualTo("key_destroyed");

    Known known = new Known(EntityType.EMAIL, "a@b.example", new Plaintext(MAIL), true);
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class,
            () -> memory.keep("acme", beginning, recalled, List.of(known), Set.of(), false));
    assertThat(refused).isNotNull();
    assertThat(refused.refusal().code()).isEqualTo("conversation_deleted");
    assertThat(vault.find("acme", beginning.name().text())).isEmpty();
    assertThat(word(vault.forget("acme", scope))).isEqualTo("nothing_stored");
  }

  private static String conversation(Sent sent) {
    return sent.departure().call().conversation();
  }

  private static String word(Receipt receipt) {
    return receipt.outcome().word();
  }

  /** What a client reads where the provider says {@code text}. */
  private String said(String request, String text) throws RefusedException {
    String answer = gateway.sendTo(RESPONSES, request).answer(Sent.JSON, output(ID_3, text));
    Matcher said = Pattern.compile("\"text\":\"([^\"]*)").matcher(answer);
    assertThat(said.find()).isTrue();
    return said.group(1);
  }

  private static String turns(String messages) {
    return "{\"model\":\"gpt-test\",\"input\":[%s]}".formatted(messages);
  }

  @Test
  void storedAnswer_followedByAnotherValue_givesItAnotherSurrogate() throws Exception {
    String surrogate = mailIn(storedFirst(gateway));
    String other = "john.miller@other-mail.org";
    Sent second = gateway.sendTo(RESPONSES, following(ID_1, other));
    String both = output(ID_2, "from %s to %s".formatted(surrogate, mailIn(second)));
    assertThat(second.answer(Sent.JSON, both))
        .isEqualTo(output(ID_2, "from %s to %s".formatted(MAIL, other)));
  }

  @Test
  void storedAnswer_followedByItsSurrogateMeantAsItself_isNotMistakenForIt() throws Exception {
    String surrogate = mailIn(storedFirst(gateway));
    // The client never saw it, so it cannot mean whom it stands for.
    Sent second = gateway.sendTo(RESPONSES, following(ID_1, surrogate));
    String other = mailIn(second);
    assertThat(other).isNotEqualTo(surrogate);
    assertThat(second.answer(Sent.JSON, output(ID_2, surrogate + " " + other)))
        .isEqualTo(output(ID_2, MAIL + " " + surrogate));
  }

  @Test
  void storedAnswer_fetchedWithItsSurrogates_letsTheClientMeanThem() throws Exception {
    String surrogate = mailIn(storedFirst(gateway));
    stored(gateway, "GET", LEAVE_SURROGATES);
    String later = following(ID_1, surrogate);
    assertThat(gateway.sendTo(RESPONSES, later).upstream()).isEqualTo(later);
  }

  @Test
  void storedAnswer_thatNobodyKnows_restoresNothingAndMasks() throws Exception {
    String surrogate = mailIn(gateway.sendTo(RESPONSES, input("", MAIL)));
    Sent later = gateway.sendTo(RESPONSES, following(ID_1, "I am " + MAIL));
    assertThat(later.upstream()).doesNotContain(MAIL, surrogate);
    assertThat(later.answer(Sent.JSON, output(ID_2, surrogate))).isEqualTo(output(ID_2, surrogate));
  }

  @Test
  void storedAnswer_thatNobodyKnows_isInNoConversationThatBeganWithItsWords() throws Exception {
    Sent strangers = gateway.sendTo(RESPONSES, input("", "I am " + MAIL));
    Sent later = gateway.sendTo(RESPONSES, following(ID_1, "I am " + MAIL));
    assertThat(later.departure().call().conversation())
        .isNotEqualTo(strangers.departure().call().conversation());
    assertThat(later.answer(Sent.JSON, output(ID_2, mailIn(strangers))))
        .isEqualTo(output(ID_2, mailIn(strangers)));
  }

  @Test
  void storedAnswer_ofADeletedConversation_restoresNothing() throws Exception {
    Sent first = storedFirst(gateway);
    String surrogate = mailIn(first);
    String conversation = first.departure().call().conversation();
    assertThat(vault.forget("acme", conversation).outcome().word()).isEqualTo("key_destroyed");
    Sent later = gateway.sendTo(RESPONSES, following(ID_1, "go on"));
    assertThat(later.answer(Sent.JSON, output(ID_2, surrogate))).isEqualTo(output(ID_2, surrogate));
    assertThat(stored(gateway, "GET").answer(Sent.JSON, output(ID_1, surrogate)))
        .isEqualTo(output(ID_1, surrogate));
  }

  @Test
  void storedAnswer_fetched_isRestoredUntilItIsDeleted() throws Exception {
    String surrogate = mailIn(storedFirst(gateway));
    String answer = output(ID_1, surrogate);
    assertThat(stored(gateway, "GET").answer(Sent.JSON, answer)).isEqualTo(output(ID_1, MAIL));
    assertThat(stored(gateway, "GET", LEAVE_SURROGATES).answer(Sent.JSON, answer))
        .isEqualTo(answer);

    Sent deletion = stored(gateway, "DELETE");
    assertThat(deletion.departure().way().attempts().getFirst().path())
        .endsWith("/responses/" + ID_1);
    assertThat(stored(gateway, "GET").answer(Sent.JSON, answer)).isEqualTo(answer);
    Sent later = gateway.sendTo(RESPONSES, following(ID_1, "go on"));
    assertThat(later.answer(Sent.JSON, output(ID_2, surrogate))).isEqualTo(output(ID_2, surrogate));
  }

  @Test
  void storedAnswer_followedOrFetched_isRestoredAsTheTenantHasIt() throws Exception {
    TenantPolicy exact =
        Tenants.answering(
            Tenants.acme(),
            new AnswerPolicy(RestorationPolicy.exactOnly(), Map.of(), AnswerPolicy.Produced.PASS));
    for (TenantPolicy tenant : List.of(Tenants.acme(), exact)) {
      try (Vault own = Vault.inMemory(StoreLimits.STANDARD)) {
        Gateway restoring = Gateway.remembering(ConversationMemory.of(own), tenant);
        String surrogate = mailIn(storedFirst(restoring));
        String shouted = output(ID_2, surrogate.toUpperCase(Locale.ROOT));
        String expected =
            tenant.equals(exact) ? shouted : output(ID_2, MAIL.toUpperCase(Locale.ROOT));
        Sent second = restoring.sendTo(RESPONSES, following(ID_1, "go on"));
        assertThat(second.answer(Sent.JSON, shouted)).isEqualTo(expected);
        assertThat(stored(restoring, "GET").answer(Sent.JSON, shouted)).isEqualTo(expected);
      }
    }
  }

  @Test
  void storedAnswer_ofAStream_isKnownByItsFirstEvent() throws Exception {
    Sent first = gateway.sendTo(RESPONSES, input("", MAIL));
    ResponsePipeline answer = first.answering(200, Sent.SSE);
    String event =
        "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"%s\"}}\n\n"
            .formatted(ID_1);
    answer.accept(event.getBytes(UTF_8));
    assertThat(answer.answerId()).isEqualTo(ID_1);
  }

  @Test
  void answer_thatIsNotStoredOrMasksNothing_isNotKept() throws Exception {
    assertThat(
            gateway
                .sendTo(RESPONSES, input("\"store\":false,", MAIL))
                .departure()
                .call()
                .answer()
                .isKept())
        .isFalse();
    assertThat(gateway.sendTo(RESPONSES, input("", "nothing")).departure().call().answer().isKept())
        .isFalse();
    assertThat(gateway.send(chat(MAIL)).departure().call().answer().isKept()).isFalse();
    assertThat(vault.counts().surrogatesKept()).isZero();
  }

  @Test
  void providersConversation_named_isOneConversation() throws Exception {
    String id = "\"conversation\":\"conv_689667905b048191b4740501625afd94\",";
    String object =
        "\"conversation\":{\"id\":\"conv_689667905b048191b4740501625afd94\"},\"store\":false,";
    Sent first = gateway.sendTo(RESPONSES, input(id, MAIL));
    Sent later = gateway.sendTo(RESPONSES, input(object, "go on"));
    assertThat(later.answer(Sent.JSON, output(ID_2, mailIn(first)))).isEqualTo(output(ID_2, MAIL));
    Sent other = gateway.sendTo(RESPONSES, input(id.replace("conv_6", "conv_7"), "go on"));
    assertThat(other.answer(Sent.JSON, output(ID_2, mailIn(first))))
        .isEqualTo(output(ID_2, mailIn(first)));
  }

  @Test
  void sharedVault_away_refusesWhatFollowsAStoredAnswer() throws Exception {
    try (Vault away = vaultWithoutRedis()) {
      Gateway failing = Gateway.remembering(ConversationMemory.of(away));
      String later = following(ID_1, "go on");
      for (ThrowingCallable needy :
          List.<ThrowingCallable>of(
              () -> failing.sendTo(RESPONSES, later),
              () -> stored(failing, "GET"),
              () -> stored(failing, "DELETE"))) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, needy);
        assertThat(refused).isNotNull();
        assertThat(refused.refusal().code()).isEqualTo("vault_unavailable");
      }
    }
  }

  @Test
  void sharedVault_ofARequestThatMasksNothing_isSearchedOnce() throws Exception {
    AtomicInteger searches = new AtomicInteger();
    TenantPolicy acme = Tenants.acme();
    Detector detector = acme.privacy().examination().detector();
    TenantPolicy counted =
        Tenants.examinedBy(
            acme,
            text -> {
              searches.incrementAndGet();
              return detector.detect(text);
            });
    Gateway.remembering(ConversationMemory.of(vault), counted).send(chat("nothing to see"), NAMED);
    int once = searches.getAndSet(0);
    assertThat(once).isPositive();
    try (Vault away = vaultWithoutRedis()) {
      Gateway.remembering(ConversationMemory.of(away), counted).send(chat("nothing to see"), NAMED);
      assertThat(searches).hasValue(once);
    }
  }

  @Test
  void sharedVault_awayAsAnAnswerComes_countsItAsNotKept() throws Exception {
    try (Vault away = vaultWithoutRedis()) {
      ConversationMemory memory = ConversationMemory.of(away);
      memory.keepAnswer("acme", ID_1, "case-7");
      assertThat(memory.answersNotKept()).isEqualTo(1);
    }
  }

  @Test
  void link_toAHostThatAnEarlierTurnNamed_isRestored() throws Exception {
    Sent first = gateway.sendTo(RESPONSES, input("", MAIL + " is in the wiki.mantle.example"));
    String surrogate = mailIn(first);
    gateway.tell(first, ANSWER_1);
    Sent second = gateway.sendTo(RESPONSES, following(ID_1, "see also docs.mantle.example"));
    String links =
        "https://wiki.mantle.example/%s https://docs.mantle.example/%1$s https://evil.example/%s";
    String said = output(ID_2, links.formatted(surrogate, surrogate));
    String meant = output(ID_2, links.formatted(MAIL, surrogate));
    assertThat(second.answer(Sent.JSON, said)).isEqualTo(meant);
    assertThat(stored(gateway, "GET").answer(Sent.JSON, said)).isEqualTo(meant);
  }

  @Test
  void link_toAHostThatAnEarlierToolNamed_keepsTheSurrogate() throws Exception {
    String asked =
        """
        {"model":"gpt-test","input":[{"role":"user","content":"%s"},\
        {"type":"function_call_output","call_id":"c","output":"see wiki.mantle.example"}]}"""
            .formatted(MAIL);
    Sent first = gateway.sendTo(RESPONSES, asked);
    String surrogate = mailIn(first);
    gateway.tell(first, ANSWER_1);
    Sent second = gateway.sendTo(RESPONSES, following(ID_1, "go on"));
    String said = output(ID_2, "https://wiki.mantle.example/" + surrogate);
    assertThat(second.answer(Sent.JSON, said)).isEqualTo(said);
  }

  /** A first turn, with an answer that the provider stores. */
  private static Sent storedFirst(Gateway gateway) throws RefusedException {
    return storedFirst(gateway, ID_1);
  }

  private static Sent storedFirst(Gateway gateway, String id) throws RefusedException {
    Sent first = gateway.sendTo(RESPONSES, input("", MAIL));
    gateway.tell(first, output(id, "noted"));
    return first;
  }

  /** A request for the first turn's answer. */
  private static Sent stored(Gateway gateway, String method, Header... headers)
      throws RefusedException {
    return gateway.sendWithoutBody(Gateway.head(method, RESPONSES + "/" + ID_1, false, headers));
  }

  private static String following(String id, String text) {
    return input("\"previous_response_id\":\"%s\",".formatted(id), text);
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

  private static String chat(String text) {
    return "{\"model\":\"gpt-test\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(text);
  }

  private static String answer(String text) {
    return "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"%s\"}}]}"
        .formatted(text);
  }

  private static String mailIn(Sent sent) {
    Matcher mail = ANY_MAIL.matcher(sent.upstream());
    assertThat(mail.find()).isTrue();
    return mail.group();
  }
}
