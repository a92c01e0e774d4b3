package io.mantle.controlplane.probe;

import io.mantle.controlplane.database.Secret;
import io.mantle.controlplane.probe.OutsideCall.NameService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Calls a provider once, as it would be called for a request: its list of models, with its
 * credential. Thread-safe.
 *
 * <p>Security: a name is resolved once, all its addresses are judged, and the connection goes to
 * one of those. None of them may be off the public Internet, unless a platform admin allows it, or
 * the base URL itself names such a place, which a platform admin alone may write. Redirects are not
 * followed, no proxy is used, and of the answer nothing but its status is read, so neither the
 * answer nor the credential can show in the result. Not guaranteed: that Envoy, which resolves
 * names itself and judges what it gets, gets the same addresses.
 *
 * <p>Limits: a fixed time for all of it, and {@value #CALLS_MAX} calls at once.
 */
public final class ProviderProbe {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int CALLS_MAX = 16;

  private final OutsideCalls calls;
  private final AddressLookups lookups;

  /**
   * Resolves names as this machine does.
   *
   * @param caFile certificate authorities by which providers are judged; where this machine has no
   *     such file, Java's own are taken
   */
  public ProviderProbe(Path caFile) {
    this(NameService.SYSTEM, caFile, TIMEOUT);
  }

  ProviderProbe(NameService names, Path caFile, Duration timeout) {
    this.calls = new OutsideCalls(names, caFile, timeout, CALLS_MAX);
    this.lookups = new AddressLookups(names);
  }

  /**
   * How it went.
   *
   * @param error what failed and how, for people; empty where nothing did. It never holds anything
   *     of the credential or the answer but its status
   */
  public record Result(long latencyMillis, Optional<String> error) {
    public boolean isValid() {
      return error.isEmpty();
    }
  }

  /**
   * Calls it; empty if too many calls are under way.
   *
   * @param privateAllowed whether its name may lead to addresses that are not on the public
   *     Internet
   */
  public Optional<Result> call(
      String kind, String baseUrl, boolean privateAllowed, Optional<Secret> credential) {
    return calls.make(new ModelsCall(kind, baseUrl, privateAllowed, credential));
  }

  /**
   * Resolves a provider's name, where it needs judging, and connects to nothing. Takes half a
   * second at most.
   *
   * <p>Not guaranteed: that Envoy's resolver says the same, or says so later.
   */
  public AddressCheck checkAddress(String baseUrl, boolean privateAllowed) {
    return lookups.check(baseUrl, privateAllowed);
  }
}
