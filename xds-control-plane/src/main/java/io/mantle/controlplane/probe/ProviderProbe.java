package io.mantle.controlplane.probe;

import io.mantle.controlplane.database.Secret;
import io.mantle.controlplane.snapshot.InvalidTenantException;
import io.mantle.controlplane.snapshot.ProviderAddress;
import io.mantle.controlplane.snapshot.ProviderEndpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
  private static final Duration LOOKUP_TIMEOUT = Duration.ofMillis(500);
  private static final int LOOKUPS_MAX = 16;

  private final NameService names;
  private final Path caFile;
  private final Duration timeout;
  private final Semaphore slots = new Semaphore(CALLS_MAX);
  private final Semaphore lookups = new Semaphore(LOOKUPS_MAX);

  /**
   * Resolves names as this machine does.
   *
   * @param caFile certificate authorities by which providers are judged; where this machine has no
   *     such file, Java's own are taken
   */
  public ProviderProbe(Path caFile) {
    this(host -> List.of(InetAddress.getAllByName(host)), caFile, TIMEOUT);
  }

  ProviderProbe(NameService names, Path caFile, Duration timeout) {
    this.names = names;
    this.caFile = caFile;
    this.timeout = timeout;
  }

  /** Who knows the addresses of a name. */
  @FunctionalInterface
  interface NameService {
    List<InetAddress> addressesOf(String host) throws UnknownHostException;
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
    if (!slots.tryAcquire()) {
      return Optional.empty();
    }
    ProviderCall call = new ProviderCall(names, caFile, kind, baseUrl, privateAllowed, credential);
    FutureTask<Optional<String>> task = new FutureTask<>(call::run);
    long startNanos = System.nanoTime();
    start("provider-probe", task, slots);
    Optional<String> error = await(task, call);
    return Optional.of(
        new Result(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos), error));
  }

  /**
   * Resolves a provider's name, where it needs judging, and connects to nothing. Takes half a
   * second at most.
   *
   * <p>Not guaranteed: that Envoy's resolver says the same, or says so later.
   */
  public AddressCheck checkAddress(String baseUrl, boolean privateAllowed) {
    ProviderEndpoint endpoint;
    try {
      endpoint = ProviderEndpoint.parse(baseUrl);
    } catch (InvalidTenantException e) {
      return AddressCheck.UNKNOWN;
    }
    if (privateAllowed || endpoint.mayLeadAnywhere()) {
      return AddressCheck.ALLOWED;
    }
    if (!lookups.tryAcquire()) {
      return AddressCheck.UNKNOWN;
    }
    FutureTask<AddressCheck> task = new FutureTask<>(() -> lookUp(endpoint.host()));
    start("provider-lookup", task, lookups);
    try {
      return task.get(LOOKUP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return AddressCheck.UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return AddressCheck.UNKNOWN;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a provider's name could not be resolved", e.getCause());
    }
  }

  private AddressCheck lookUp(String host) {
    try {
      return names.addressesOf(host).stream().anyMatch(ProviderAddress::isInternal)
          ? AddressCheck.FORBIDDEN
          : AddressCheck.PUBLIC;
    } catch (UnknownHostException e) {
      return AddressCheck.UNRESOLVED;
    }
  }

  /**
   * A name lookup cannot be interrupted: its slot is free when it ends, not when we stop waiting.
   */
  private static void start(String name, FutureTask<?> task, Semaphore slots) {
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                task.run();
              } finally {
                slots.release();
              }
            });
  }

  private Optional<String> await(FutureTask<Optional<String>> task, ProviderCall call) {
    try {
      return task.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Optional.of(
          "timeout: " + call.stage() + " took longer than " + timeout.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("timeout: the control plane is stopping");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a provider could not be tested", e.getCause());
    } finally {
      call.close();
    }
  }
}
