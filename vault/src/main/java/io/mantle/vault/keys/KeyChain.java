package io.mantle.vault.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;

/**
 * Several master keys, so that one can follow another: the first wraps, all open. Those in key
 * management services stand before the one of this machine.
 */
public final class KeyChain implements KeyProvider {
  private static final byte[] PROBE = "mantle".getBytes(StandardCharsets.US_ASCII);

  private final List<EnvelopeKeys> services;
  private final Optional<LocalKeyset> local;

  /**
   * A chain.
   *
   * @throws IllegalArgumentException if there is no key in it
   */
  public KeyChain(List<EnvelopeKeys> services, Optional<LocalKeyset> local) {
    if (services.isEmpty() && local.isEmpty()) {
      throw new IllegalArgumentException("no master key");
    }
    this.services = List.copyOf(services);
    this.local = local;
  }

  private KeyProvider first() {
    return services.isEmpty() ? local.orElseThrow() : services.getFirst();
  }

  /**
   * Wraps and unwraps once, so that a key that cannot be used is known at the start.
   *
   * @throws IOException if it cannot be used; the message names the service's host, no secret
   */
  public void check() throws IOException {
    try {
      var _ = unwrap(wrap(PROBE, PROBE), PROBE);
    } catch (GeneralSecurityException e) {
      throw new IOException("the master key " + keyId() + " cannot be used: " + e.getMessage(), e);
    }
  }

  @Override
  public String keyId() {
    return first().keyId();
  }

  @Override
  public byte[] wrap(byte[] key, byte[] associatedData)
      throws GeneralSecurityException, IOException {
    return first().wrap(key, associatedData);
  }

  @Override
  public byte[] unwrap(byte[] wrapped, byte[] associatedData)
      throws GeneralSecurityException, IOException {
    for (EnvelopeKeys service : services) {
      if (service.wrapped(wrapped)) {
        return service.unwrap(wrapped, associatedData);
      }
    }
    if (local.isEmpty() || EnvelopeKeys.isEnvelope(wrapped)) {
      throw new GeneralSecurityException("wrapped by a master key that is not configured");
    }
    return local.get().unwrap(wrapped, associatedData);
  }

  @Override
  public String toString() {
    return "KeyChain[" + keyId() + "]";
  }
}
