package io.mantle.extproc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.response.ResponsePipeline;
import io.mantle.extproc.scripted.Golden;
import io.mantle.extproc.scripted.Golden.Exchanged;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.TokenCounts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The golden exchanges: the request once, the response in every way a network may cut it. See
 * {@link Golden} for the files.
 */
class GoldenExchangesTest {
  /** Up to this length every pair of cuts is tried, above it a seeded choice of them. */
  private static final int PAIR_BYTES_MAX = 4096;

  private static final int SEEDED_RUNS = 250;
  private static final long SEED = 20_261_121;

  static Stream<Golden> goldens() throws IOException {
    return Golden.all();
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void golden_request_leavesAsRecorded(Golden golden) throws Exception {
    Exchanged exchanged = golden.exchange();
    exchanged
        .surrogates()
        .keySet()
        .forEach(value -> assertThat(exchanged.sent().upstream()).doesNotContain(value));
    assertThat(header(pipeline(golden, exchanged), "x-mantle-entities"))
        .isEqualTo(golden.meta().getProperty("entities", ""));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void golden_answerWhole_isRestored(Golden golden) throws Exception {
    Exchanged exchanged = golden.exchange();
    ResponsePipeline pipeline = pipeline(golden, exchanged);
    byte[] client = concat(pipeline.accept(exchanged.provider()), pipeline.finish());
    assertThat(new String(client, UTF_8)).isEqualTo(golden.clientResponse());
    TokenCounts tokens = pipeline.tokens();
    assertThat(tokens == null ? "" : tokens.prompt() + "+" + tokens.completion())
        .isEqualTo(golden.meta().getProperty("tokens", ""));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void golden_answerCutAtEveryByte_isTheSame(Golden golden) throws Exception {
    Exchanged exchanged = golden.exchange();
    for (int cut = 0; cut <= exchanged.provider().length; cut++) {
      check(golden, exchanged, cut);
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void golden_answerCutTwice_isTheSame(Golden golden) throws Exception {
    Exchanged exchanged = golden.exchange();
    int length = exchanged.provider().length;
    if (length <= PAIR_BYTES_MAX) {
      IntStream.range(1, length)
          .parallel() // millions of answers in all
          .forEach(
              first -> {
                for (int second = first + 1; second < length; second++) {
                  check(golden, exchanged, first, second);
                }
              });
    } else {
      Random random = new Random(SEED);
      for (int run = 0; run < SEEDED_RUNS; run++) {
        check(golden, exchanged, random.ints(2, 0, length + 1).sorted().toArray());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void golden_answerSpoonFed_isTheSame(Golden golden) throws Exception {
    Exchanged exchanged = golden.exchange();
    int length = exchanged.provider().length;
    int[] everywhere = new int[Math.max(0, length - 1)];
    Arrays.setAll(everywhere, i -> i + 1);
    check(golden, exchanged, everywhere);
    Random random = new Random(SEED);
    for (int run = 0; run < SEEDED_RUNS; run++) {
      int cuts = random.nextInt(1, 40);
      check(golden, exchanged, random.ints(cuts, 0, length + 1).sorted().toArray());
    }
  }

  private static void check(Golden golden, Exchanged exchanged, int... cuts) {
    byte[] client;
    try {
      client = exchanged.sent().answer(golden.contentType(), exchanged.provider(), cuts);
    } catch (RefusedException e) {
      throw new AssertionError("%s cut at %s".formatted(golden, Arrays.toString(cuts)), e);
    }
    if (!Arrays.equals(client, exchanged.client())) {
      assertThat(new String(client, UTF_8))
          .as("%s cut at %s", golden, Arrays.toString(cuts))
          .isEqualTo(golden.clientResponse());
    }
  }

  private static ResponsePipeline pipeline(Golden golden, Exchanged exchanged) throws Exception {
    return exchanged.sent().answering(golden.status(), golden.contentType());
  }

  private static String header(ResponsePipeline pipeline, String name) {
    return pipeline.headers().stream()
        .filter(header -> header.name().equals(name))
        .map(Header::value)
        .findFirst()
        .orElse("");
  }

  private static byte[] concat(byte[] first, byte[] second) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(first);
    both.writeBytes(second);
    return both.toByteArray();
  }
}
