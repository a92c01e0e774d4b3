package io.mantle.extproc.tenant;

import io.mantle.extproc.lastgood.LastGoodFolder;
import io.mantle.extproc.lastgood.SealedFile;
import io.mantle.extproc.lastgood.SoonWritten;
import io.mantle.proto.policy.v1.TenantPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The policies in force as they came, in a sealed file for the next start. Thread-safe.
 *
 * <p>It costs the memory of every policy's message, besides what was made of it.
 */
public final class LastGoodPolicies implements AutoCloseable {
  private final SealedFile file;
  private final Map<String, TenantPolicy> messages = new HashMap<>();
  private final SoonWritten writer;

  /**
   * Nothing is read or written yet.
   *
   * @param freshness says as of when what is written is good
   */
  public LastGoodPolicies(LastGoodFolder folder, Freshness freshness) {
    file = folder.file("policies");
    writer =
        new SoonWritten(
            "last-good-policies",
            () -> {
              List<TenantPolicy> all = all();
              file.write(
                  freshness.asOf(),
                  out -> {
                    for (TenantPolicy policy : all) {
                      policy.writeDelimitedTo(out);
                    }
                  });
            });
  }

  private synchronized List<TenantPolicy> all() {
    return List.copyOf(messages.values());
  }

  /** What the file holds, which is then what there is. */
  Optional<SealedFile.Opened<List<TenantPolicy>>> load() {
    Optional<SealedFile.Opened<List<TenantPolicy>>> opened = file.read(LastGoodPolicies::read);
    opened.ifPresent(loaded -> apply(loaded.content(), List.of()));
    return opened;
  }

  private static List<TenantPolicy> read(InputStream in) throws IOException {
    List<TenantPolicy> policies = new ArrayList<>();
    TenantPolicy next = TenantPolicy.parseDelimitedFrom(in);
    while (next != null) {
      policies.add(next);
      next = TenantPolicy.parseDelimitedFrom(in);
    }
    return policies;
  }

  /** Some policies came or went. */
  synchronized void apply(Collection<TenantPolicy> changed, Collection<String> removed) {
    removed.forEach(messages::remove);
    changed.forEach(policy -> messages.put(policy.getTenantId(), policy));
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
