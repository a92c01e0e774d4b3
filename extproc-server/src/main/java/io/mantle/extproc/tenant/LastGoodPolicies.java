package io.mantle.extproc.tenant;

import io.mantle.extproc.lastgood.LastGoodFolder;
import io.mantle.extproc.lastgood.SealedJournal;
import io.mantle.extproc.lastgood.SoonWritten;
import io.mantle.proto.policy.v1.PolicyDelta;
import io.mantle.proto.policy.v1.TenantPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The policies in force as they came, in a sealed journal for the next start. Thread-safe.
 *
 * <p>It costs the memory of every policy's message, besides what was made of it.
 */
public final class LastGoodPolicies implements AutoCloseable {
  private final SealedJournal journal;
  private final Map<String, TenantPolicy> messages = new HashMap<>();
  private final Set<String> unwritten = new HashSet<>();
  private final SoonWritten writer;

  /**
   * Nothing is read or written yet.
   *
   * @param freshness says as of when what is written is good
   */
  public LastGoodPolicies(LastGoodFolder folder, Freshness freshness) {
    journal = folder.journal("policies");
    writer =
        new SoonWritten(
            "last-good-policies",
            () -> {
              Instant asOf = freshness.asOf();
              journal.write(asOf, takeUnwritten()::writeTo, out -> writeEach(all(), out));
            });
  }

  private synchronized List<TenantPolicy> all() {
    return List.copyOf(messages.values());
  }

  private synchronized PolicyDelta takeUnwritten() {
    PolicyDelta.Builder delta = PolicyDelta.newBuilder();
    for (String tenantId : unwritten) {
      TenantPolicy message = messages.get(tenantId);
      if (message == null) {
        delta.addRemovedTenantIds(tenantId);
      } else {
        delta.addChanged(message);
      }
    }
    unwritten.clear();
    return delta.build();
  }

  /** What is kept, which is then what there is. */
  Optional<SealedJournal.Opened<List<TenantPolicy>>> load() {
    return journal
        .read(LastGoodPolicies::readEach, LastGoodPolicies::change)
        .map(
            opened -> {
              List<TenantPolicy> policies = List.copyOf(opened.content().values());
              apply(policies, List.of());
              return new SealedJournal.Opened<>(opened.asOf(), policies);
            });
  }

  private static void writeEach(List<TenantPolicy> policies, OutputStream out) throws IOException {
    for (TenantPolicy policy : policies) {
      policy.writeDelimitedTo(out);
    }
  }

  private static Map<String, TenantPolicy> readEach(InputStream in) throws IOException {
    Map<String, TenantPolicy> policies = new HashMap<>();
    TenantPolicy next = TenantPolicy.parseDelimitedFrom(in);
    while (next != null) {
      policies.put(next.getTenantId(), next);
      next = TenantPolicy.parseDelimitedFrom(in);
    }
    return policies;
  }

  private static Map<String, TenantPolicy> change(
      Map<String, TenantPolicy> policies, InputStream in) throws IOException {
    PolicyDelta delta = PolicyDelta.parseFrom(in);
    delta.getRemovedTenantIdsList().forEach(policies::remove);
    delta.getChangedList().forEach(policy -> policies.put(policy.getTenantId(), policy));
    return policies;
  }

  /** Some policies came or went. */
  synchronized void apply(Collection<TenantPolicy> changed, Collection<String> removed) {
    removed.forEach(messages::remove);
    unwritten.addAll(removed);
    for (TenantPolicy policy : changed) {
      messages.put(policy.getTenantId(), policy);
      unwritten.add(policy.getTenantId());
    }
  }

  /**
   * A message came that only tightens what is held; nothing where nothing is.
   *
   * @param currentUntil when what is held was last known to be current
   */
  synchronized void tighten(Tightening tightening, Instant currentUntil) {
    TenantPolicy held = messages.get(tightening.tenantId());
    if (held != null) {
      apply(List.of(tightening.of(held, currentUntil)), List.of());
    }
  }

  /** With what came last there is all there is: it may be kept. */
  void complete() {
    writer.changed();
  }

  @Override
  public void close() {
    writer.close();
  }
}
