package io.mantle.extproc.value;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trace that an exchange belongs to (W3C Trace Context, level 2). It ends here: no provider is
 * told of it.
 *
 * @param traceId 32 hexadecimal digits, or empty where there is no trace
 * @param parentSpanId the client's span, 16 hexadecimal digits; empty where the trace begins here
 * @param sampled whether the client records it
 */
public record TraceContext(String traceId, String parentSpanId, boolean sampled) {
  /** No trace. */
  public static final TraceContext NONE = new TraceContext("", "", false);

  private static final HexFormat HEX = HexFormat.of();
  private static final int VERSION_0_LENGTH = 55;

  /** Version, trace id, parent id, flags; a later version may say more. */
  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[ -~]{0,200})?");

  /** A trace that begins here. */
  public static TraceContext begun() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    // Never zero, which stands for no trace.
    return new TraceContext(
        HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong() | 1), "", false);
  }

  /** What a {@code traceparent} header says; {@link #NONE} where it says nothing valid. */
  public static TraceContext parse(@Nullable String traceparent) {
    if (traceparent == null
        || !TRACEPARENT.matcher(traceparent).matches()
        || (traceparent.startsWith("00") && traceparent.length() != VERSION_0_LENGTH)) {
      return NONE;
    }
    boolean sampled = (HexFormat.fromHexDigits(traceparent, 53, 55) & 1) == 1;
    return new TraceContext(traceparent.substring(3, 35), traceparent.substring(36, 52), sampled);
  }

  public boolean isNone() {
    return traceId.isEmpty();
  }
}
