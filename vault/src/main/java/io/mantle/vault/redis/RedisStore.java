package io.mantle.vault.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.mantle.vault.store.StoreLimits;
import io.mantle.vault.store.VaultStore;
import io.mantle.vault.value.VaultException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sealed bytes in Redis 6.2 or later, or in what speaks as it does.
 *
 * <p>A tenant's record, a conversation, a link and a subject are one key each, and no question
 * touches two, so a cluster may place them anywhere. Questions of one call are sent together, none
 * blocks Redis. After more than half of the last questions failed nobody asks for {@link
 * RedisTimes#breakerOpen()}: calls fail at once, until a few questions went well again.
 *
 * <p>A subject lists the conversations that are about it. It is written before the conversation is,
 * so none is missing; one that is gone, or never came to be, is listed until it would have expired.
 * While a conversation is looked at it is listed anew once in {@link StoreLimits#timeToLive}, and
 * each listing is good for {@link #LISTED_TIMES} that time, so it is listed for as long as it
 * lives.
 *
 * <p>A question that timed out may still be carried out later. Nothing here is harmed by that: what
 * is stored twice is the same, and what is stored after its key was destroyed does not open.
 */
public final class RedisStore implements VaultStore {
  private static final String TENANT = "mantle:vault:{t:%s}";
  private static final String CONVERSATION = "mantle:vault:{c:%s}";
  private static final String LINK = "mantle:vault:{l:%s}";
  private static final String SUBJECT = "mantle:vault:{s:%s}";
  private static final String ROOT = "root";
  private static final String SUBJECTS = "subjects";
  private static final String PREFIX = "prefix";
  private static final String LISTED = "listed";

  /** Two would do if all clocks agreed. */
  private static final int LISTED_TIMES = 3;

  /** Between a conversation's name, which has none, and how its root begins. */
  private static final char NAME_END = ':';

  private static final int SUBJECT_BYTES = 16;
  private static final int SUBJECTS_AT_ONCE_MAX = 500;
  private static final int DELETED_AT_ONCE_MAX = 100;

  /** An entry's name has one; what a store keeps for itself has none. */
  private static final char IN_EVERY_ENTRY_NAME = ':';

  private static final int BREAKER_WINDOW = 20;
  private static final int BREAKER_CALLS_MIN = 5;
  private static final int BREAKER_TRIALS = 3;

  /** Beyond the connection's own time-out, which is the one that should end a wait. */
  private static final long GRACE_MILLIS = 50;

  private static final byte[] NOTHING = new byte[0];

  private final RedisConnection connection;
  private final CircuitBreaker breaker;
  private final StoreLimits limits;
  private final long waitMillisMax;

  /** Asks nobody: the connection is made when it is needed. */
  public RedisStore(RedisAddress address, StoreLimits limits, RedisTimes times) {
    this.connection = new RedisConnection(address, times);
    this.limits = limits;
    this.waitMillisMax = times.commandTimeout().toMillis() + GRACE_MILLIS;
    this.breaker =
        CircuitBreaker.of(
            "vault",
            CircuitBreakerConfig.custom()
                .slidingWindowSize(BREAKER_WINDOW)
                .minimumNumberOfCalls(BREAKER_CALLS_MIN)
                .permittedNumberOfCallsInHalfOpenState(BREAKER_TRIALS)
                .waitDurationInOpenState(times.breakerOpen())
                .build());
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public boolean isAvailable() {
    return switch (breaker.getState()) {
      case CLOSED, HALF_OPEN, DISABLED, METRICS_ONLY -> true;
      case OPEN, FORCED_OPEN -> false;
    };
  }

  @Override
  public long memoryBytes() {
    return 0;
  }

  @Override
  public byte @Nullable [] tenantRecord(String tenantId) throws VaultException {
    return orNull(ask(redis -> present(redis.get(TENANT.formatted(tenantId)))));
  }

  @Override
  public byte[] createTenant(String tenantId, byte[] record) throws VaultException {
    String key = TENANT.formatted(tenantId);
    Optional<byte[]> there =
        ask(
            redis -> {
              CompletionStage<?> set = redis.set(key, record, SetArgs.Builder.nx());
              return set.thenCombine(present(redis.get(key)), (done, value) -> value);
            });
    return there.orElseThrow(
        () -> unavailable("the tenant's record was deleted as it was made", null));
  }

  @Override
  public boolean replaceTenant(String tenantId, byte[] expected, byte[] record)
      throws VaultException {
    return run(Scripts.REPLACE_TENANT, TENANT.formatted(tenantId), expected, record) == 1;
  }

  @Override
  public byte @Nullable [] deleteTenant(String tenantId) throws VaultException {
    return orNull(take(Scripts.TAKE, TENANT.formatted(tenantId)));
  }

  @Override
  public Look look(String tenantId, String conversationName) throws VaultException {
    String key = CONVERSATION.formatted(conversationName);
    Fields found =
        ask(
            redis -> {
              CompletionStage<Optional<byte[]>> tenant =
                  present(redis.get(TENANT.formatted(tenantId)));
              CompletionStage<Map<String, byte[]>> fields = redis.hgetall(key);
              CompletionStage<?> expiry = redis.pexpire(key, limits.timeToLive());
              return tenant
                  .thenCombine(fields, (record, all) -> new Fields(orNull(record), all))
                  .thenCombine(expiry, (both, done) -> both);
            });
    listAnew(conversationName, found.ofConversation());
    return look(found.tenantRecord(), found.ofConversation());
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Fields(byte @Nullable [] tenantRecord, Map<String, byte[]> ofConversation) {}

  private static Look look(byte @Nullable [] tenantRecord, Map<String, byte[]> fields) {
    byte[] root = fields.get(ROOT);
    Map<String, byte[]> entries = new HashMap<>();
    if (root != null) {
      fields.forEach(
          (name, value) -> {
            if (name.indexOf(IN_EVERY_ENTRY_NAME) >= 0) {
              entries.put(name, value);
            }
          });
    }
    return new Look(tenantRecord, root, entries);
  }

  @Override
  public byte[] begin(String conversationName, byte[] root, byte @Nullable [] stale)
      throws VaultException {
    return take(
            Scripts.BEGIN,
            CONVERSATION.formatted(conversationName),
            root,
            stale == null ? NOTHING : stale,
            timeToLive())
        .orElseThrow(() -> unavailable("Redis gave no root", null));
  }

  @Override
  public boolean replaceRoot(String conversationName, byte[] expected, byte[] root)
      throws VaultException {
    return run(Scripts.REPLACE_ROOT, CONVERSATION.formatted(conversationName), expected, root) == 1;
  }

  @Override
  public Addition add(
      String conversationName, byte[] rootPrefix, Map<String, byte[]> entries, Set<String> subjects)
      throws VaultException {
    byte[] now = ascii(Long.toString(System.currentTimeMillis()));
    // Not taken back where nothing is added: another may just have added entries about the same.
    list(List.copyOf(subjects), conversationName, rootPrefix);
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(rootPrefix);
    arguments.add(ascii(Integer.toString(limits.conversationBytesMax())));
    arguments.add(timeToLive());
    arguments.add(HexFormat.of().parseHex(String.join("", subjects)));
    arguments.add(now);
    entries.forEach(
        (name, value) -> {
          arguments.add(ascii(name));
          arguments.add(value);
        });
    long answer =
        run(
            Scripts.ADD,
            CONVERSATION.formatted(conversationName),
            arguments.toArray(byte[][]::new));
    if (answer == 0) {
      return Addition.ADDED;
    }
    return answer == 1 ? Addition.FULL : Addition.GONE;
  }

  @Override
  public byte @Nullable [] deleteConversation(String conversationName) throws VaultException {
    return takeConversation(conversationName, NOTHING);
  }

  private byte @Nullable [] takeConversation(String conversationName, byte[] rootPrefix)
      throws VaultException {
    List<byte[]> taken =
        ask(
            redis ->
                redis.<List<byte[]>>eval(
                    Scripts.TAKE_CONVERSATION,
                    ScriptOutputType.MULTI,
                    new String[] {CONVERSATION.formatted(conversationName)},
                    rootPrefix));
    if (taken.isEmpty()) {
      return null;
    }
    if (taken.size() > 1) {
      try {
        unlist(subjects(taken.get(1)), conversationName, taken.get(2));
      } catch (VaultException e) {
        // The key is destroyed, and that is what is answered. What still lists it leads nowhere.
      }
    }
    return taken.getFirst();
  }

  @Override
  public Deleted deleteAbout(String subject) throws VaultException {
    String key = SUBJECT.formatted(subject);
    List<byte[]> listed = ask(redis -> redis.zrange(key, 0, DELETED_AT_ONCE_MAX - 1));
    Set<String> wholes = new HashSet<>();
    for (byte[] one : listed) {
      String whole = VaultStore.wholeOf(nameListed(one));
      if (whole != null && wholes.add(whole)) {
        var _ = takeConversation(whole, NOTHING);
      }
    }
    List<byte[]> roots = new ArrayList<>();
    for (byte[] one : listed) {
      String name = nameListed(one);
      byte[] root = takeConversation(name, Arrays.copyOfRange(one, name.length() + 1, one.length));
      if (root != null) {
        roots.add(root);
      }
    }
    if (!listed.isEmpty()) {
      var _ = ask(redis -> redis.zrem(key, listed.toArray(byte[][]::new)));
    }
    return new Deleted(roots, listed.size() == DELETED_AT_ONCE_MAX);
  }

  @Override
  public void putLink(String linkName, byte[] sealed) throws VaultException {
    var _ =
        ask(
            redis ->
                present(
                    redis.set(
                        LINK.formatted(linkName),
                        sealed,
                        SetArgs.Builder.px(limits.timeToLive()))));
  }

  @Override
  public byte @Nullable [] link(String linkName) throws VaultException {
    return orNull(ask(redis -> present(redis.get(LINK.formatted(linkName)))));
  }

  @Override
  public void deleteLink(String linkName) throws VaultException {
    var _ = ask(redis -> redis.del(LINK.formatted(linkName)));
  }

  private void listAnew(String conversationName, Map<String, byte[]> fields) throws VaultException {
    byte[] root = fields.get(ROOT);
    byte[] subjects = fields.get(SUBJECTS);
    byte[] prefix = fields.get(PREFIX);
    byte[] listed = fields.get(LISTED);
    if (root == null || subjects == null || prefix == null || listed == null) {
      return;
    }
    long now = System.currentTimeMillis();
    long before = Long.parseLong(new String(listed, StandardCharsets.US_ASCII));
    if (now - before < limits.timeToLive().toMillis()) {
      return;
    }
    list(subjects(subjects), conversationName, prefix);
    run(Scripts.LISTED, CONVERSATION.formatted(conversationName), root, ascii(Long.toString(now)));
  }

  private static List<String> subjects(byte[] names) {
    List<String> subjects = new ArrayList<>();
    for (int at = 0; at + SUBJECT_BYTES <= names.length; at += SUBJECT_BYTES) {
      subjects.add(HexFormat.of().formatHex(names, at, at + SUBJECT_BYTES));
    }
    return subjects;
  }

  /** A conversation begun anew under the same name is another one to a subject. */
  private static byte[] listing(String conversationName, byte[] rootPrefix) {
    byte[] name = ascii(conversationName + NAME_END);
    // As bytes, since members of up to 64 take Redis a third of the memory that longer ones do.
    return ByteBuffer.allocate(name.length + rootPrefix.length).put(name).put(rootPrefix).array();
  }

  private static String nameListed(byte[] listing) {
    String both = new String(listing, StandardCharsets.ISO_8859_1);
    return both.substring(0, both.indexOf(NAME_END));
  }

  private void list(List<String> subjects, String conversationName, byte[] rootPrefix)
      throws VaultException {
    byte[] listing = listing(conversationName, rootPrefix);
    byte[] millis = ascii(Long.toString(limits.timeToLive().toMillis() * LISTED_TIMES));
    forEach(
        subjects,
        (redis, key) ->
            redis.<Long>eval(
                Scripts.LIST, ScriptOutputType.INTEGER, new String[] {key}, listing, millis));
  }

  private void unlist(List<String> subjects, String conversationName, byte[] rootPrefix)
      throws VaultException {
    byte[] listing = listing(conversationName, rootPrefix);
    forEach(subjects, (redis, key) -> redis.zrem(key, listing));
  }

  private interface OfSubject {
    CompletionStage<?> ask(RedisClusterAsyncCommands<String, byte[]> redis, String key);
  }

  private void forEach(List<String> subjects, OfSubject question) throws VaultException {
    for (int from = 0; from < subjects.size(); from += SUBJECTS_AT_ONCE_MAX) {
      List<String> some =
          subjects.subList(from, Math.min(from + SUBJECTS_AT_ONCE_MAX, subjects.size()));
      var _ =
          ask(
              redis ->
                  CompletableFuture.allOf(
                          some.stream()
                              .map(SUBJECT::formatted)
                              .map(key -> question.ask(redis, key).toCompletableFuture())
                              .toArray(CompletableFuture<?>[]::new))
                      .thenApply(Optional::ofNullable));
    }
  }

  private byte[] timeToLive() {
    return ascii(Long.toString(limits.timeToLive().toMillis()));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private long run(String script, String key, byte[]... arguments) throws VaultException {
    return ask(
        redis -> redis.<Long>eval(script, ScriptOutputType.INTEGER, new String[] {key}, arguments));
  }

  private Optional<byte[]> take(String script, String key, byte[]... arguments)
      throws VaultException {
    return ask(
        redis ->
            present(
                redis.<byte[]>eval(script, ScriptOutputType.VALUE, new String[] {key}, arguments)));
  }

  private static <T> CompletionStage<Optional<T>> present(CompletionStage<T> answer) {
    return answer.thenApply(Optional::ofNullable);
  }

  private static byte @Nullable [] orNull(Optional<byte[]> bytes) {
    return bytes.orElse(null);
  }

  private <T> T ask(
      Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> question)
      throws VaultException {
    if (!breaker.tryAcquirePermission()) {
      throw unavailable("Redis has failed too often and is left alone for a while", null);
    }
    long began = System.nanoTime();
    try {
      T answer =
          question
              .apply(connection.commands())
              .toCompletableFuture()
              .get(waitMillisMax, TimeUnit.MILLISECONDS);
      breaker.onSuccess(System.nanoTime() - began, TimeUnit.NANOSECONDS);
      return answer;
    } catch (InterruptedException e) {
      breaker.releasePermission();
      Thread.currentThread().interrupt();
      throw unavailable("interrupted while Redis was asked", e);
    } catch (ExecutionException | TimeoutException | RedisException e) {
      breaker.onError(System.nanoTime() - began, TimeUnit.NANOSECONDS, e);
      throw unavailable("Redis did not answer as it should", e);
    }
  }

  private static VaultException unavailable(String message, @Nullable Exception cause) {
    return new VaultException(VaultException.Reason.UNAVAILABLE, message, cause);
  }

  @Override
  public void close() {
    connection.close();
  }
}
