package io.mantle.bench;

import io.mantle.bench.prompt.Conversation;
import io.mantle.extproc.request.Admission;
import io.mantle.extproc.request.ConversationMemory;
import io.mantle.extproc.request.RequestPipeline;
import io.mantle.extproc.tenant.AnswerPolicy;
import io.mantle.extproc.tenant.KeyHash;
import io.mantle.extproc.tenant.ModelPattern;
import io.mantle.extproc.tenant.Policies;
import io.mantle.extproc.tenant.PolicyBook;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.ProviderKind;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.RequestHead;
import io.mantle.privacy.PrivacyEngine;
import io.mantle.privacy.detect.DetectionPolicy;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.detect.cache.SegmentCache;
import io.mantle.privacy.detect.cache.SegmentKey;
import io.mantle.privacy.detect.parallel.Workers;
import io.mantle.privacy.surrogate.SurrogateMint;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.PrivacyPolicy;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./mantle bench conversation}: what a request's way costs (read, detect, mask, prove, edit;
 * no network) at turns of a conversation that resends its history, with the segment cache and
 * without, in turns in one run.
 *
 * <p>Then what several threads make of it, by the clock. It fails, whatever the times, when not all
 * ways give the same bytes.
 */
@Command(
    name = "mantle bench conversation",
    mixinStandardHelpOptions = true,
    description = "What turns 1, 10 and 50 of a conversation cost, with and without the cache.")
public final class ConversationBench implements Callable<Integer> {
  private static final int[] TURNS = {1, 2, 10, 25, 50};
  private static final int TURNS_MAX = 50;

  /** Requests of about 2 to 32 KB. */
  private static final int[] TURNS_HELPED = {2, 4, 8, 16, 32};

  private static final int WARM_UP_CONVERSATIONS = 25;
  private static final int BODY_BYTES_MAX = 1 << 20;
  private static final long CACHE_BYTES_MAX = 32 << 20;
  private static final long NANOS_MAX = 10_000_000_000L;
  private static final String KEY = "sk-mantle-bench";
  private static final String MODEL = "m";

  @Option(
      names = "--conversations",
      paramLabel = "N",
      defaultValue = "60",
      description = "How many are measured. Default: ${DEFAULT-VALUE}.")
  private int conversations;

  /** CPU time, so that what else the machine does counts little; nothing here waits. */
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  private final Histogram[] plain = new Histogram[TURNS_MAX + 1];
  private final Histogram[] cached = new Histogram[TURNS_MAX + 1];

  private ConversationBench() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ConversationBench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, RefusedException {
    if (conversations < 1) {
      System.err.println("mantle: --conversations must be at least 1");
      return 2;
    }
    Detector detector = Detectors.standard();
    PrivacyEngine engine = new PrivacyEngine(detector, SurrogateMint.load());
    SegmentCache cache = new SegmentCache(CACHE_BYTES_MAX);
    RequestPipeline without = pipeline(engine, tenant -> detector);
    RequestPipeline with =
        pipeline(
            engine,
            tenant ->
                cache.over(
                    detector,
                    SegmentKey.derive(
                        tenant.surrogateKey(), Detectors.modelVersion(), tenant.version())));
    System.err.println("warming up ...");
    for (int i = 0; i < WARM_UP_CONVERSATIONS; i++) {
      if (!converse(new Conversation(i), without, with)) {
        return 1;
      }
    }
    reset();
    for (int i = 0; i < conversations; i++) {
      if (!converse(new Conversation(WARM_UP_CONVERSATIONS + i), without, with)) {
        return 1;
      }
    }
    print();
    return sameWithHelp(detector) ? 0 : 1;
  }

  /** The same requests, all new, on one thread and with the help of others. */
  private boolean sameWithHelp(Detector detector) throws RefusedException {
    SurrogateMint mint = SurrogateMint.load();
    int cores = Runtime.getRuntime().availableProcessors();
    System.out.printf("%nms to do the same without cache, by the clock, p50%n%n");
    System.out.printf("| KB | one thread | %d threads | ratio |%n|---|---|---|---|%n", cores);
    try (Workers workers = new Workers(cores)) {
      RequestPipeline alone = pipeline(new PrivacyEngine(detector, mint), tenant -> detector);
      RequestPipeline helped =
          pipeline(new PrivacyEngine(detector, mint, workers), tenant -> detector);
      for (int turn : TURNS_HELPED) {
        Histogram one = new Histogram(NANOS_MAX, 3);
        Histogram many = new Histogram(NANOS_MAX, 3);
        for (int i = 0; i < 4 * conversations; i++) {
          byte[] body = new Conversation(i).request(turn).getBytes(StandardCharsets.UTF_8);
          boolean helpedFirst = i % 2 == 0;
          long start = System.nanoTime();
          byte[] first = depart(helpedFirst ? helped : alone, body);
          long between = System.nanoTime();
          byte[] second = depart(helpedFirst ? alone : helped, body);
          long end = System.nanoTime();
          (helpedFirst ? many : one).recordValue(Math.min(between - start, NANOS_MAX));
          (helpedFirst ? one : many).recordValue(Math.min(end - between, NANOS_MAX));
          if (!Arrays.equals(first, second)) {
            System.err.println("mantle: the bench failed: more threads give another result");
            return false;
          }
        }
        System.out.printf(
            Locale.ROOT,
            "| %.1f | %.2f | %.2f | %.2f |%n",
            new Conversation(0).request(turn).length() / 1024.0,
            millis(one, 50),
            millis(many, 50),
            millis(one, 50) / millis(many, 50));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%nload of the machine at the end: %.1f (nobody helps where it is more than the cores)%n",
        Machine.load());
    return true;
  }

  private void reset() {
    for (int turn : TURNS) {
      plain[turn] = new Histogram(NANOS_MAX, 3);
      cached[turn] = new Histogram(NANOS_MAX, 3);
    }
  }

  /** All turns of one conversation by both ways; false where they differ. */
  private boolean converse(Conversation conversation, RequestPipeline without, RequestPipeline with)
      throws RefusedException {
    for (int turn = 1; turn <= TURNS_MAX; turn++) {
      byte[] body = conversation.request(turn).getBytes(StandardCharsets.UTF_8);
      boolean counts = Arrays.binarySearch(TURNS, turn) >= 0;
      if (!counts) {
        depart(with, body); // so that the cache knows it
        continue;
      }
      // Each goes first in every other conversation, since the second finds the processor warm.
      boolean cachedFirst = conversation.index() % 2 == 0;
      long start = threads.getCurrentThreadCpuTime();
      byte[] first = depart(cachedFirst ? with : without, body);
      long between = threads.getCurrentThreadCpuTime();
      byte[] second = depart(cachedFirst ? without : with, body);
      long end = threads.getCurrentThreadCpuTime();
      if (!Arrays.equals(first, second)) {
        System.err.println("mantle: the bench failed: turn " + turn + " differs with the cache");
        return false;
      }
      record(cachedFirst ? cached : plain, turn, between - start);
      record(cachedFirst ? plain : cached, turn, end - between);
    }
    return true;
  }

  private static void record(Histogram[] times, int turn, long nanos) {
    if (times[turn] != null) {
      times[turn].recordValue(Math.min(nanos, NANOS_MAX));
    }
  }

  private void print() throws IOException {
    System.out.printf(Locale.ROOT, "%s%n", Machine.here().words());
    System.out.printf(
        Locale.ROOT,
        "%d conversations; ms of CPU, one thread, to read, detect, mask, prove and edit a request%n%n",
        conversations);
    System.out.printf(
        "| turn | KB | without cache, p50 | p99 | with cache, p50 | p99 | ratio of p50 |%n");
    System.out.printf("|---|---|---|---|---|---|---|%n");
    for (int turn : TURNS) {
      int bytes = new Conversation(0).request(turn).length();
      System.out.printf(
          Locale.ROOT,
          "| %d | %.1f | %.2f | %.2f | %.2f | %.2f | %.1f |%n",
          turn,
          bytes / 1024.0,
          millis(plain[turn], 50),
          millis(plain[turn], 99),
          millis(cached[turn], 50),
          millis(cached[turn], 99),
          millis(plain[turn], 50) / millis(cached[turn], 50));
    }
  }

  private static double millis(Histogram times, double percentile) {
    return times.getValueAtPercentile(percentile) / 1e6;
  }

  private static byte[] depart(RequestPipeline requests, byte[] body) throws RefusedException {
    RequestHead head =
        new RequestHead(
            "POST",
            "/v1/chat/completions",
            List.of(
                new Header("authorization", "Bearer " + KEY),
                new Header("content-type", "application/json")),
            true);
    if (requests.admit(head, "bench") instanceof Admission.Admitted admitted) {
      return requests.depart(admitted, body).body();
    }
    throw new IllegalStateException("a chat completion request was answered on the spot");
  }

  private static RequestPipeline pipeline(
      PrivacyEngine engine, Function<TenantPolicy, Detector> detectors) {
    PolicyBook book = new PolicyBook();
    book.swap(Policies.NONE.with(List.of(tenant()), List.of()), true);
    return new RequestPipeline(book, engine, detectors, ConversationMemory.NONE, BODY_BYTES_MAX);
  }

  /** Whose policy is the default one: what identifies a person or opens a door is substituted. */
  private static TenantPolicy tenant() {
    Map<EntityType, Action> actions = new EnumMap<>(EntityType.class);
    for (EntityType type : EntityType.values()) {
      boolean passes =
          switch (type) {
            case LOCATION, ORG, DATE, URL -> true;
            default -> false;
          };
      actions.put(type, passes ? Action.ALLOW : Action.SUBSTITUTE);
    }
    TenantPolicy.Provider provider =
        new TenantPolicy.Provider(
            "p", "p", ProviderKind.OPENAI, "http://p:80", "/v1", "k", List.of(MODEL), true);
    return new TenantPolicy(
        "bench",
        "0",
        new byte[32],
        List.of(new TenantPolicy.ProxyKey("k", KeyHash.of(KEY))),
        List.of(provider),
        List.of(new TenantPolicy.Route(new ModelPattern("*"), List.of(provider))),
        privacy(new PrivacyPolicy(actions)));
  }

  private static TenantPolicy.Privacy privacy(PrivacyPolicy actions) {
    return new TenantPolicy.Privacy(
        actions,
        DetectionPolicy.STANDARD,
        new Examination(Detectors.standard(), actions),
        false,
        false,
        "",
        AnswerPolicy.DEFAULT,
        false,
        false);
  }
}
