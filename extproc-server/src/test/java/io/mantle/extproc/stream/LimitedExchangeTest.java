package io.mantle.extproc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.mantle.extproc.limit.Ask;
import io.mantle.extproc.limit.LimitCounts;
import io.mantle.extproc.limit.Limiter;
import io.mantle.extproc.limit.Standing;
import io.mantle.extproc.limit.Verdict;
import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Tenants;
import io.mantle.extproc.stream.ScriptedEnvoy.Stream;
import io.mantle.extproc.tenant.Limits;
import io.mantle.extproc.tenant.SpentBudgets;
import io.mantle.extproc.tenant.TenantLimits;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.Outcome;
import io.mantle.extproc.value.TokenCounts;
import io.mantle.extproc.value.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An exchange whose limits another process knows, and says so when the test wants it to. */
class LimitedExchangeTest {
  private static final String REQUEST =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  /** One for the text, four for its message, three that begin the answer. */
  private static final long ESTIMATE = 8;

  private static final Standing STANDING =
      new Standing(new Standing.Left(10, 9, Duration.ofMinutes(1)), null, true);

  /** Answers when it is told to, and keeps what was settled. */
  private static final class RemoteLimiter implements Limiter {
    private final BlockingQueue<CompletableFuture<Verdict>> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> settled = new LinkedBlockingQueue<>();
    private final LimitCounts counts = new LimitCounts();

    @Override
    public CompletionStage<Verdict> admit(Ask ask) {
      assertThat(ask.tokens()).isEqualTo(ESTIMATE);
      CompletableFuture<Verdict> verdict = new CompletableFuture<>();
      asked.add(verdict);
      return verdict;
    }

    private CompletableFuture<Verdict> next() throws InterruptedException {
      CompletableFuture<Verdict> verdict = asked.poll(10, TimeUnit.SECONDS);
      if (verdict == null) {
        throw new AssertionError("nobody asked");
      }
      return verdict;
    }

    private Verdict yes() {
      return new Verdict.Admitted(STANDING, settled::add);
    }

    private long settledNext() throws InterruptedException {
      Long tokens = settled.poll(10, TimeUnit.SECONDS);
      if (tokens == null) {
        throw new AssertionError("nothing was settled");
      }
      return tokens;
    }

    @Override
    public boolean isShared() {
      return true;
    }

    @Override
    public LimitCounts counts() {
      return counts;
    }

    @Override
    public void close() {}
  }

  private final RemoteLimiter limiter = new RemoteLimiter();

  @Test
  void request_letInLater_leavesThen_andIsSettledByWhatTheProviderSays() throws Exception {
    try (ScriptedEnvoy envoy = start()) {
      Stream stream = asked(envoy);
      CompletableFuture<Verdict> verdict = limiter.next();
      assertThat(stream.nextIfAny()).isNull();
      verdict.complete(limiter.yes());
      assertThat(stream.next().hasRequestBody()).isTrue();
      stream.responseHeaders("200", "application/json", false);
      stream.responseBody(
          "{\"choices\":[],\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":12,"
              + "\"prompt_tokens_details\":{\"cached_tokens\":8},"
              + "\"completion_tokens_details\":{\"reasoning_tokens\":5}}}",
          true);
      ProcessingResponse head = stream.next();
      assertThat(head.getResponseHeaders().getResponse().getHeaderMutation().getSetHeadersList())
          .extracting(header -> header.getHeader().getKey())
          .contains("x-ratelimit-limit-requests", "x-mantle-limits");
      assertThat(limiter.settledNext()).isEqualTo(42);
      UsageRecord row = envoy.row();
      assertThat(row.tokens()).isEqualTo(new TokenCounts(30, 12, 8, 5, false));
      assertThat(row.size().requestBytes()).isEqualTo(REQUEST.length());
      assertThat(row.size().responseBytes()).isPositive();
      assertThat(row.asked().attempts()).isEqualTo(1);
      envoy.assertSettled();
    }
  }

  @Test
  void request_refusedLater_gets429_andNothingIsTaken() throws Exception {
    try (ScriptedEnvoy envoy = start()) {
      Stream stream = asked(envoy);
      limiter
          .next()
          .complete(new Verdict.Refused(STANDING, Verdict.Reason.TOKENS, Duration.ofMillis(2_100)));
      ImmediateResponse refusal = stream.next().getImmediateResponse();
      assertThat(refusal.getStatus().getCodeValue()).isEqualTo(429);
      List<HeaderValueOption> headers = refusal.getHeaders().getSetHeadersList();
      assertThat(headers)
          .anyMatch(
              header ->
                  header.getHeader().getKey().equals("retry-after")
                      && header.getHeader().getRawValue().toStringUtf8().equals("3"));
      assertThat(envoy.row().outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(limiter.settled).isEmpty();
      envoy.assertSettled();
    }
  }

  @Test
  void client_leavingWhileTheLimitsAreAsked_takesNothing() throws Exception {
    try (ScriptedEnvoy envoy = start()) {
      Stream stream = asked(envoy);
      CompletableFuture<Verdict> verdict = limiter.next();
      stream.cancel();
      assertThat(envoy.row().outcome()).isEqualTo(Outcome.CANCELLED);
      verdict.complete(limiter.yes());
      assertThat(limiter.settledNext()).isZero();
      envoy.assertSettled();
    }
  }

  @Test
  void stream_cutByTheClient_costsThePromptAndWhatWasSent_markedAsAGuess() throws Exception {
    try (ScriptedEnvoy envoy = start()) {
      Stream stream = asked(envoy);
      limiter.next().complete(limiter.yes());
      stream.next();
      stream.responseHeaders("200", "text/event-stream", false);
      stream.next();
      for (int i = 0; i < 3; i++) {
        stream.responseBody(
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" one two\"}}]}\n\n", false);
        stream.next();
      }
      stream.cancel();
      assertThat(limiter.settledNext()).isEqualTo(ESTIMATE + 6);
      UsageRecord row = envoy.row();
      assertThat(row.tokens()).isEqualTo(TokenCounts.estimate(ESTIMATE, 6));
      envoy.assertSettled();
    }
  }

  /** Anthropic says at once what the prompt cost, and of the answer nothing until it is over. */
  @Test
  void stream_cutAfterTheProviderToldOfThePrompt_addsWhatWasSent() throws Exception {
    try (ScriptedEnvoy envoy = start()) {
      Stream stream = asked(envoy);
      limiter.next().complete(limiter.yes());
      stream.next();
      stream.responseHeaders("200", "text/event-stream", false);
      stream.next();
      stream.responseBody(
          "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":20,"
              + "\"cache_read_input_tokens\":5,\"output_tokens\":1}}}\n\n"
              + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" one two\"}}]}\n\n",
          false);
      stream.next();
      stream.cancel();
      assertThat(limiter.settledNext()).isEqualTo(27);
      assertThat(envoy.row().tokens()).isEqualTo(new TokenCounts(25, 2, 5, 0, true));
      envoy.assertSettled();
    }
  }

  @Test
  void answer_withoutUsage_isCountedByItsTexts() throws Exception {
    try (ScriptedEnvoy envoy = start()) {
      Stream stream = asked(envoy);
      limiter.next().complete(limiter.yes());
      stream.next();
      stream.responseHeaders("200", "application/json", false);
      stream.responseBody(
          "{\"id\":\"x\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
              + "\"content\":\" one two three\"},\"finish_reason\":\"stop\"}]}",
          true);
      assertThat(envoy.row().tokens()).isEqualTo(TokenCounts.estimate(ESTIMATE, 3));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "429, local_rate_limited, rate_limit_exceeded",
    "503, direct_response, unavailable",
    "503, route_not_found, unavailable",
    "503, cluster_not_found, unavailable"
  })
  void envoy_refusingWhatWasLetIn_costsNothing_andNobodyWasAsked(
      String status, String details, String code) throws Exception {
    try (ScriptedEnvoy envoy = start()) {
      Stream stream = asked(envoy);
      limiter.next().complete(limiter.yes());
      stream.next();
      stream.responseHeaders(status, "application/json", false, details);
      stream.responseBody("{\"error\":{}}", true);
      ProcessingResponse head = stream.next();
      assertThat(head.getResponseHeaders().getResponse().getHeaderMutation().getSetHeadersList())
          .extracting(header -> header.getHeader().getKey())
          .containsExactly("x-request-id");
      assertThat(stream.next().hasResponseBody()).isTrue();
      assertThat(limiter.settledNext()).isZero();
      UsageRecord row = envoy.row();
      assertThat(row.id()).isEqualTo(envoy.openedNow().getFirst().id());
      assertThat(row.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(row.status()).isEqualTo(Integer.parseInt(status));
      assertThat(row.asked()).isEqualTo(Call.Asked.NOBODY);
      assertThat(row.tokens()).isNull();
      assertThat(envoy.report().refusal()).isEqualTo(code);
      envoy.assertSettled();
    }
  }

  @Test
  void client_leavingAnExchangeThatLeft_isThoughtToHaveCostThePrompt() throws Exception {
    try (ScriptedEnvoy envoy = start()) {
      Stream stream = asked(envoy);
      limiter.next().complete(limiter.yes());
      stream.next();
      stream.cancel();
      assertThat(limiter.settledNext()).isEqualTo(ESTIMATE);
      assertThat(envoy.row().outcome()).isEqualTo(Outcome.CANCELLED);
    }
  }

  @Test
  void provider_failing_costsNothing() throws Exception {
    try (ScriptedEnvoy envoy = start()) {
      Stream stream = asked(envoy);
      limiter.next().complete(limiter.yes());
      stream.next();
      stream.responseHeaders("503", "application/json", true);
      assertThat(limiter.settledNext()).isZero();
      assertThat(envoy.row().tokens()).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, '\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"insufficient_quota\"'",
    "/v1/messages, '{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\"'"
  })
  void request_whileTheBudgetIsSpent_getsA429OfItsDialect_andIsInTheBooks(String path, String shape)
      throws Exception {
    Instant until = Instant.now().plus(Duration.ofDays(3));
    try (ScriptedEnvoy envoy = start(new SpentBudgets(until, Map.of()))) {
      Stream stream = envoy.open().requestHeadersOf(path);
      assertThat(stream.next().hasRequestHeaders()).isTrue();
      ImmediateResponse refusal = stream.requestBody(REQUEST).next().getImmediateResponse();
      assertThat(refusal.getStatus().getCodeValue()).isEqualTo(429);
      assertThat(refusal.getBody().toStringUtf8())
          .contains(shape, "The monthly budget of this tenant is spent.");
      assertThat(refusal.getHeaders().getSetHeadersList())
          .extracting(header -> header.getHeader().getKey())
          .contains("retry-after", "x-should-retry");
      assertThat(envoy.row().outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(limiter.asked).isEmpty();
      envoy.assertSettled();
    }
  }

  private ScriptedEnvoy start() throws Exception {
    return start(SpentBudgets.NONE);
  }

  private ScriptedEnvoy start(SpentBudgets spent) throws Exception {
    TenantPolicy acme = Tenants.acme();
    Limits limits = new Limits(Limits.UNLIMITED, 10, 1_000, Limits.UNLIMITED, Limits.UNLIMITED);
    return ScriptedEnvoy.start(
        Gateway.engine(),
        limiter,
        new TenantPolicy(
            acme.tenantId(),
            acme.version(),
            acme.surrogateKey(),
            acme.keys(),
            acme.providers(),
            acme.routes(),
            acme.privacy(),
            new TenantLimits(limits, Map.of(), 60, spent)));
  }

  private static Stream asked(ScriptedEnvoy envoy) throws InterruptedException {
    Stream stream = envoy.open().requestHeaders();
    assertThat(stream.next().hasRequestHeaders()).isTrue();
    return stream.requestBody(REQUEST);
  }
}
