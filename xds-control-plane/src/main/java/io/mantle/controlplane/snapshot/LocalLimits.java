package io.mantle.controlplane.snapshot;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.LocalRateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.envoyproxy.envoy.type.v3.TokenBucket;
import java.util.ArrayList;
import java.util.List;

/**
 * The walls that Envoy itself holds, before and after the ext_proc server: coarse, per Envoy, in
 * the memory of the listener. They name no tenant, so that no tenant's change resets a bucket; the
 * exact limits are ext_proc's.
 */
final class LocalLimits {
  /** Set by ext_proc: the step of the ladder that the tenant is on. */
  static final String STEP_HEADER = GatewayListener.INTERNAL_PREFIX + "rpm";

  /** As ext_proc has it for the exact limits; of the walls only refusals say it. */
  static final String LIMIT_HEADER = "x-ratelimit-limit-requests";

  /** Requests a minute; each tenant has a bucket of its own on the step that it is on. */
  private static final List<Integer> STEPS =
      List.of(
          60,
          120,
          300,
          600,
          1_200,
          3_000,
          6_000,
          12_000,
          30_000,
          60_000,
          300_000,
          1_200_000,
          6_000_000,
          60_000_000);

  /** Of all that is on no step together: nothing should be. */
  private static final int NO_STEP_PER_MINUTE = 60;

  private static final int ADDRESSES_MAX = 20_000;
  private static final int TENANT_STEPS_MAX = 100_000;

  private static final Duration SECOND = Durations.fromSeconds(1);
  private static final Duration MINUTE = Durations.fromMinutes(1);

  private LocalLimits() {}

  /** Before anything is read: so many requests a second of one address. */
  static LocalRateLimit floodOfAddress(GatewaySettings.Flood flood) {
    return filter("flood_guard_address", bucket(flood.requestsPerSecond(), SECOND), ADDRESSES_MAX)
        .addAllResponseHeadersToAdd(flooded(flood.requestsPerSecondOfAddress()))
        .setAlwaysConsumeDefaultTokenBucket(BoolValue.of(false))
        .addRateLimits(
            RateLimit.newBuilder()
                .addActions(
                    RateLimit.Action.newBuilder()
                        .setRemoteAddress(RateLimit.Action.RemoteAddress.getDefaultInstance())))
        .addDescriptors(
            LocalRateLimitDescriptor.newBuilder()
                .addEntries(anyOf("remote_address"))
                .setTokenBucket(bucket(flood.requestsPerSecondOfAddress(), SECOND)))
        .build();
  }

  /**
   * Then so many of all addresses together, which what one address has too much of does not count
   * against. A wall of its own, so that a refusal names the limit that was reached.
   */
  static LocalRateLimit floodOfAll(GatewaySettings.Flood flood) {
    return filter("flood_guard", bucket(flood.requestsPerSecond(), SECOND), 1)
        .addAllResponseHeadersToAdd(flooded(flood.requestsPerSecond()))
        .build();
  }

  /** After ext_proc, which says whose request it is and on which step. */
  static LocalRateLimit ladder() {
    LocalRateLimit.Builder filter =
        filter("tenant_steps", bucket(NO_STEP_PER_MINUTE, MINUTE), TENANT_STEPS_MAX)
            .addAllResponseHeadersToAdd(refused("5", "1m0s"))
            .setAlwaysConsumeDefaultTokenBucket(BoolValue.of(false))
            .addRateLimits(
                RateLimit.newBuilder()
                    .addActions(valueOf(GatewayListener.TENANT_HEADER, "tenant"))
                    .addActions(valueOf(STEP_HEADER, "rpm")));
    for (int step : STEPS) {
      filter.addDescriptors(
          LocalRateLimitDescriptor.newBuilder()
              .addEntries(anyOf("tenant"))
              .addEntries(
                  RateLimitDescriptor.Entry.newBuilder()
                      .setKey("rpm")
                      .setValue(Integer.toString(step)))
              .setTokenBucket(bucket(step, MINUTE)));
    }
    return filter.build();
  }

  /**
   * The lowest step that lets so many requests a minute through; the highest where there is none.
   */
  static int step(long requestsPerMinute) {
    return STEPS.stream()
        .filter(step -> step >= requestsPerMinute)
        .findFirst()
        .orElse(STEPS.getLast());
  }

  /** What a refusal says; of a step {@link LocalReplies} adds the limit, which ext_proc named. */
  private static List<HeaderValueOption> refused(String retryAfterSeconds, String reset) {
    return List.of(
        header("retry-after", retryAfterSeconds),
        header("x-ratelimit-remaining-requests", "0"),
        header("x-ratelimit-reset-requests", reset));
  }

  private static List<HeaderValueOption> flooded(int requestsPerSecond) {
    List<HeaderValueOption> headers = new ArrayList<>(refused("1", "1s"));
    headers.add(header(LIMIT_HEADER, Integer.toString(requestsPerSecond)));
    return headers;
  }

  private static LocalRateLimit.Builder filter(String name, TokenBucket ofTheRest, int bucketsMax) {
    RuntimeFractionalPercent always =
        RuntimeFractionalPercent.newBuilder()
            .setDefaultValue(FractionalPercent.newBuilder().setNumerator(100))
            .build();
    return LocalRateLimit.newBuilder()
        .setStatPrefix(name)
        .setTokenBucket(ofTheRest)
        .setFilterEnabled(always)
        .setFilterEnforced(always)
        .setMaxDynamicDescriptors(UInt32Value.of(bucketsMax));
  }

  private static HeaderValueOption header(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }

  /** Without a value: a bucket for each that is seen. */
  private static RateLimitDescriptor.Entry anyOf(String key) {
    return RateLimitDescriptor.Entry.newBuilder().setKey(key).build();
  }

  private static RateLimit.Action valueOf(String name, String key) {
    return RateLimit.Action.newBuilder()
        .setRequestHeaders(
            RateLimit.Action.RequestHeaders.newBuilder().setHeaderName(name).setDescriptorKey(key))
        .build();
  }

  private static TokenBucket bucket(int tokens, Duration interval) {
    return TokenBucket.newBuilder()
        .setMaxTokens(tokens)
        .setTokensPerFill(UInt32Value.of(tokens))
        .setFillInterval(interval)
        .build();
  }
}
