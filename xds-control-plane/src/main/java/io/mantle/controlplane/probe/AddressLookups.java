package io.mantle.controlplane.probe;

import io.mantle.controlplane.probe.OutsideCall.NameService;
import io.mantle.controlplane.snapshot.InvalidTenantException;
import io.mantle.controlplane.snapshot.ProviderAddress;
import io.mantle.controlplane.snapshot.ProviderEndpoint;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Where the names of providers lead, for who asks: half a second each, and so many at once. */
final class AddressLookups {
  private static final Duration LOOKUP_TIMEOUT = Duration.ofMillis(500);
  private static final int LOOKUPS_MAX = 16;

  private final NameService names;
  private final Semaphore lookups = new Semaphore(LOOKUPS_MAX);

  AddressLookups(NameService names) {
    this.names = names;
  }

  /** Resolves the name of a base URL where it needs judging. Connects to nothing. */
  AddressCheck check(String baseUrl, boolean privateAllowed) {
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
    // A name lookup cannot be interrupted: its slot is free when it ends, not when we stop waiting.
    Thread.ofVirtual()
        .name("provider-lookup")
        .start(
            () -> {
              try {
                task.run();
              } finally {
                lookups.release();
              }
            });
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
}
