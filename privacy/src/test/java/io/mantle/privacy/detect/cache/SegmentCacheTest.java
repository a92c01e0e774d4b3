package io.mantle.privacy.detect.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SegmentCacheTest {
  private static final Plaintext TEXT =
      new Plaintext("Please write to Jane Smith about her order.");
  private static final SegmentKey KEY = key(1, "model", "policy");

  private final AtomicInteger asked = new AtomicInteger();

  /** Says of each text how long it is, in a span as long as the text. */
  private final Detector counting =
      text -> {
        asked.incrementAndGet();
        return List.of(new Span(0, text.length(), EntityType.PERSON, 0.5));
      };

  private static SegmentKey key(int tenant, String model, String policy) {
    byte[] tenantKey = new byte[32];
    tenantKey[0] = (byte) tenant;
    return SegmentKey.derive(tenantKey, model, policy);
  }

  @Test
  void detectorOfRequests_isAskedForEach() {
    Detector blocking =
        new Detector() {
          @Override
          public List<Span> detect(Plaintext text) {
            throw new AssertionError("not the request's");
          }

          @Override
          public Detector forRequest() {
            return counting;
          }

          @Override
          public boolean mayBlock() {
            return true;
          }
        };
    Detector remembering = new SegmentCache(1 << 20).over(blocking, KEY);
    assertThat(remembering.mayBlock()).isTrue();
    remembering.forRequest().detect(TEXT);
    remembering.forRequest().detect(TEXT);
    assertThat(asked).hasValue(1);
  }

  @Test
  void text_sentAgain_isNotSearchedAgain() {
    SegmentCache cache = new SegmentCache(1 << 20);
    List<Span> first = cache.over(counting, KEY).detect(TEXT);
    List<Span> second = cache.over(counting, key(1, "model", "policy")).detect(TEXT);
    assertThat(second).isEqualTo(first);
    assertThat(asked).hasValue(1);
    assertThat(cache.hits()).isEqualTo(1);
    assertThat(cache.misses()).isEqualTo(1);
  }

  @Test
  void text_underAnotherTenantModelOrPolicy_isSearchedAgain() {
    SegmentCache cache = new SegmentCache(1 << 20);
    for (SegmentKey key :
        List.of(
            KEY,
            key(2, "model", "policy"),
            key(1, "model2", "policy"),
            key(1, "model", "policy2"),
            key(1, "modelp", "olicy"))) {
      cache.over(counting, key).detect(TEXT);
    }
    assertThat(asked).hasValue(5);
    assertThat(cache.hits()).isZero();
  }

  @Test
  void shortText_isNeverKept() {
    SegmentCache cache = new SegmentCache(1 << 20);
    Plaintext text = new Plaintext("x".repeat(SegmentCache.CHARS_MIN - 1));
    cache.over(counting, KEY).detect(text);
    cache.over(counting, KEY).detect(text);
    assertThat(asked).hasValue(2);
    assertThat(cache.bytes()).isZero();
  }

  @Test
  void manyTexts_stayWithinTheBytesGiven() {
    SegmentCache cache = new SegmentCache(100_000);
    Detector detector = cache.over(counting, KEY);
    for (int i = 0; i < 10_000; i++) {
      detector.detect(new Plaintext("a text with a number that is its own: " + i));
    }
    assertThat(cache.bytes()).isPositive().isLessThanOrEqualTo(100_000);
  }

  @Test
  void cacheOfNoBytes_keepsNothing() {
    SegmentCache cache = new SegmentCache(0);
    cache.over(counting, KEY).detect(TEXT);
    cache.over(counting, KEY).detect(TEXT);
    assertThat(asked).hasValue(2);
  }

  @Test
  void detectorThatFails_leavesNothingBehind() {
    SegmentCache cache = new SegmentCache(1 << 20);
    Detector failing =
        text -> {
          throw new IllegalStateException("no model");
        };
    assertThatThrownBy(() -> cache.over(failing, KEY).detect(TEXT))
        .isInstanceOf(IllegalStateException.class);
    assertThat(cache.over(counting, KEY).detect(TEXT)).hasSize(1);
  }

  @Test
  void loneSurrogates_areTextsOfTheirOwn() {
    Plaintext high = new Plaintext("\ud83d and " + "x".repeat(40));
    Plaintext low = new Plaintext("\ude00 and " + "x".repeat(40));
    Plaintext mark = new Plaintext("? and " + "x".repeat(40));
    assertThat(List.of(KEY.fingerprint(high), KEY.fingerprint(low), KEY.fingerprint(mark)))
        .doesNotHaveDuplicates();
  }

  @Test
  void cacheAndKey_printNothingOfTheirs() {
    SegmentCache cache = new SegmentCache(1 << 20);
    cache.over(counting, KEY).detect(TEXT);
    assertThat(cache.toString()).isEqualTo("SegmentCache");
    assertThat(KEY.toString()).isEqualTo("SegmentKey");
    assertThat(KEY.fingerprint(TEXT).toString()).isEqualTo("Fingerprint");
  }

  @Test
  void manyThreads_eachGetTheSpansOfTheirText() throws Exception {
    SegmentCache cache = new SegmentCache(20_000);
    Detector detector = cache.over(counting, KEY);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Boolean>> right = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        Random random = new Random(thread);
        right.add(
            threads.submit(
                () -> {
                  boolean all = true;
                  for (int i = 0; i < 5_000; i++) {
                    int length = SegmentCache.CHARS_MIN + random.nextInt(300);
                    List<Span> spans = detector.detect(new Plaintext("y".repeat(length)));
                    all &= spans.getFirst().end() == length;
                  }
                  return all;
                }));
      }
      for (Future<Boolean> one : right) {
        assertThat(one.get()).isTrue();
      }
    }
  }
}
