package io.mantle.extproc.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.tenant.Limits;
import io.mantle.extproc.value.Header;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LocalLimiterTest {
  private static final long NO = Limits.UNLIMITED;

  private final AtomicLong now = new AtomicLong();
  private final LocalLimiter limiter = new LocalLimiter(1, now::get);

  @Test
  void requests_beyondTheLimit_areRefusedUntilOneComesBack() {
    Limits limits = new Limits(NO, 3, NO, NO, NO);
    for (int i = 0; i < 3; i++) {
      assertThat(ask(limits, 0).standing().requests()).isNotNull();
      pass(Duration.ofSeconds(10));
    }
    Verdict.Refused refused = refused(ask(limits, 0));
    assertThat(refused.reason()).isEqualTo(Verdict.Reason.REQUESTS);
    assertThat(refused.retryAfter()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
    pass(refused.retryAfter());
    admitted(ask(limits, 0));
    refused(ask(limits, 0));
    assertThat(limiter.counts().refused(Verdict.Reason.REQUESTS)).isEqualTo(2);
    assertThat(limiter.counts().admitted()).isEqualTo(4);
  }

  @Test
  void requestsPerSecond_andPerMinute_bothHold() {
    Limits limits = new Limits(2, 5, NO, NO, NO);
    int admitted = 0;
    for (int i = 0; i < 100; i++) {
      admitted += ask(limits, 0) instanceof Verdict.Admitted ? 1 : 0;
      pass(Duration.ofMillis(20));
      if (i == 20) {
        assertThat(admitted).isEqualTo(2);
      }
    }
    assertThat(admitted).isEqualTo(4);
    pass(Duration.ofSeconds(3));
    admitted(ask(limits, 0));
    refused(ask(limits, 0));
  }

  @Test
  void tokens_reserved_becomeWhatWasUsed() {
    Limits limits = new Limits(NO, NO, 100, NO, NO);
    Reservation first = admitted(ask(limits, 60));
    assertThat(refused(ask(limits, 60)).reason()).isEqualTo(Verdict.Reason.TOKENS);
    first.settle(10);
    first.settle(90);
    Reservation second = admitted(ask(limits, 60));
    second.settle(85);
    assertThat(tokensLeft(refused(ask(limits, 6)))).isZero();
    Verdict small = ask(limits, 5);
    assertThat(tokensLeft(small)).isZero();
    admitted(small).settle(0);
    assertThat(tokensLeft(ask(limits, 1))).isEqualTo(4);
  }

  @Test
  void tokens_moreThanTheLimitHas_areLetInWhereNothingIsTaken() {
    Limits limits = new Limits(NO, NO, 100, NO, NO);
    admitted(ask(limits, 1_000)).settle(1_000);
    Verdict.Refused refused = refused(ask(limits, 1));
    assertThat(refused.retryAfter()).isGreaterThan(Duration.ofSeconds(59));
  }

  @Test
  void streams_areCountedUntilTheyEnd() {
    Limits limits = new Limits(NO, NO, NO, NO, 2);
    Reservation one = admitted(ask(limits, 1));
    admitted(ask(limits, 1));
    assertThat(refused(ask(limits, 1)).reason()).isEqualTo(Verdict.Reason.STREAMS);
    one.settle(0);
    admitted(ask(limits, 1));
    refused(ask(limits, 1));
  }

  @Test
  void key_withALimitOfItsOwn_isHeldToItBesidesTheTenants() {
    Limits tenant = new Limits(NO, 10, NO, NO, NO);
    Limits key = new Limits(NO, 2, NO, NO, NO);
    admitted(ask("a", tenant, key, 0));
    Verdict second = ask("a", tenant, key, 0);
    assertThat(second.standing().requests())
        .isEqualTo(new Standing.Left(2, 0, Duration.ofMinutes(1)));
    refused(ask("a", tenant, key, 0));
    admitted(ask("b", tenant, Limits.NONE, 0));
  }

  @Test
  void keys_whereOneAsksForAll_eachGetTheirPart() {
    Limits tenant = new Limits(NO, 100, NO, NO, NO);
    int[] greedy = new int[6];
    int[] modest = new int[6];
    for (int i = 0; i < 6 * 600; i++) { // six minutes
      pass(Duration.ofMillis(100));
      greedy[i / 600] += ask("greedy", tenant, Limits.NONE, 0) instanceof Verdict.Admitted ? 1 : 0;
      greedy[i / 600] += ask("greedy", tenant, Limits.NONE, 0) instanceof Verdict.Admitted ? 1 : 0;
      if (i % 12 == 0 && i >= 600) { // 50 in a minute, from the second on
        modest[i / 600] +=
            ask("modest", tenant, Limits.NONE, 0) instanceof Verdict.Admitted ? 1 : 0;
      }
    }
    assertThat(greedy[0]).isEqualTo(100);
    assertThat(modest[1]).isGreaterThanOrEqualTo(9);
    assertThat(modest[5]).isGreaterThanOrEqualTo(45);
    assertThat(greedy[5]).isBetween(40, 55);
  }

  /** Each asks for more than its part; one for three times as much as another. */
  @Test
  void keys_thatAllAskForMore_comeToEqualParts_andLeaveNothing() {
    Limits tenant = new Limits(NO, 600, NO, NO, NO);
    int[] last = new int[3];
    for (int i = 0; i < 10 * 600; i++) { // ten minutes
      pass(Duration.ofMillis(100));
      for (int asked : new int[] {0, 1, 2, 0, 1, 0}) {
        Verdict verdict = ask("key-" + asked, tenant, Limits.NONE, 0);
        last[asked] += i >= 9 * 600 && verdict instanceof Verdict.Admitted ? 1 : 0;
      }
    }
    assertThat(last[0] + last[1] + last[2]).isBetween(594, 600);
    for (int got : last) {
      assertThat(got).isBetween(190, 210);
    }
  }

  @Test
  void key_thatAsksAlone_hasAll() {
    Limits tenant = new Limits(NO, 50, NO, NO, NO);
    for (int i = 0; i < 50; i++) {
      admitted(ask(tenant, 0));
    }
    refused(ask(tenant, 0));
  }

  @Test
  void limit_partedAmongReplicas_isAPartOfItAndAtLeastOne() {
    LocalLimiter quarter = new LocalLimiter(4, now::get);
    Limits limits = new Limits(NO, 40, NO, NO, 2);
    List<Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Verdict verdict = quarter.judge(new Ask("acme", "k", limits, Limits.NONE, 0));
      if (verdict instanceof Verdict.Admitted admitted) {
        admitted.reservation().settle(0);
      }
      verdicts.add(verdict);
    }
    assertThat(verdicts).filteredOn(Verdict.Admitted.class::isInstance).hasSize(10);
  }

  @Test
  void answer_saysWhatIsLeft_asOpenAiDoes() {
    Limits limits = new Limits(NO, 2, 500, 10_000, NO);
    ask(limits, 100);
    ask(limits, 100);
    assertThat(headers(ask(limits, 100)))
        .containsEntry("x-ratelimit-limit-requests", "2")
        .containsEntry("x-ratelimit-remaining-requests", "0")
        .containsEntry("x-ratelimit-limit-tokens", "500")
        .containsEntry("x-ratelimit-remaining-tokens", "300")
        .containsEntry("x-ratelimit-reset-tokens", "1m0s")
        .containsEntry("x-mantle-limits", "node");
  }

  @Test
  void refusal_neverTellsAResetBeforeItsRetry() {
    Limits limits = new Limits(1, 1, NO, NO, NO);
    admitted(ask(limits, 0));
    assertThat(headers(ask(limits, 0)))
        .as("what was taken comes back a slot late")
        .containsEntry("retry-after", "61")
        .containsEntry("x-ratelimit-reset-requests", "1m1s");
    pass(Duration.ofSeconds(30));
    assertThat(headers(ask(limits, 0)))
        .containsEntry("retry-after", "31")
        .containsEntry("x-ratelimit-reset-requests", "1m0s");
  }

  private static Map<String, String> headers(Verdict verdict) {
    return LimitAnswer.headers(verdict).stream()
        .collect(Collectors.toMap(Header::name, Header::value));
  }

  private static long tokensLeft(Verdict verdict) {
    return Objects.requireNonNull(verdict.standing().tokens()).remaining();
  }

  private Verdict ask(Limits tenant, long tokens) {
    return ask("key", tenant, Limits.NONE, tokens);
  }

  private Verdict ask(String keyId, Limits tenant, Limits key, long tokens) {
    return limiter.admit(new Ask("acme", keyId, tenant, key, tokens)).toCompletableFuture().join();
  }

  private static Reservation admitted(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Admitted.class);
    return ((Verdict.Admitted) verdict).reservation();
  }

  private static Verdict.Refused refused(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    return (Verdict.Refused) verdict;
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
