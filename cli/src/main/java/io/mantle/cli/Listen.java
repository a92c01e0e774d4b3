package io.mantle.cli;

import io.mantle.controlplane.admin.TlsIdentity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the gateway listens, and whether under TLS: beyond loopback it is, unless a person said
 * {@code --insecure}. Everything else stays on loopback.
 *
 * @param address where Envoy listens
 * @param tls the certificate and key of its clients' HTTPS; empty for plain HTTP
 */
record Listen(InetAddress address, Optional<Tls> tls) {

  /** PEM files, absolute, that belong together. */
  record Tls(Path certificate, Path key) {}

  /**
   * What the flags ask for.
   *
   * @param listen an address, or null for loopback
   * @param insecure whether the person accepts plain HTTP there
   * @param certificate of {@code --tls-cert}, or null
   * @param key of {@code --tls-key}, or null
   */
  static Listen of(
      @Nullable String listen, boolean insecure, @Nullable Path certificate, @Nullable Path key)
      throws LaunchException {
    Optional<Tls> tls = tls(certificate, key);
    if (insecure && tls.isPresent()) {
      throw LaunchException.notStarted("--insecure and --tls-cert exclude each other");
    }
    if (listen != null && !insecure && tls.isEmpty()) {
      throw LaunchException.notStarted(
          "--listen needs --tls-cert and --tls-key, or --insecure: prompts and keys would cross the network in plain text");
    }
    return new Listen(address(listen), tls);
  }

  private static Optional<Tls> tls(@Nullable Path certificate, @Nullable Path key)
      throws LaunchException {
    if (certificate == null && key == null) {
      return Optional.empty();
    }
    if (certificate == null || key == null) {
      throw LaunchException.notStarted("--tls-cert and --tls-key go together");
    }
    Tls tls = new Tls(certificate.toAbsolutePath(), key.toAbsolutePath());
    try {
      var _ = TlsIdentity.read(tls.certificate, tls.key);
    } catch (IllegalArgumentException e) {
      throw LaunchException.notStarted("--tls-cert, --tls-key: " + e.getMessage());
    }
    return Optional.of(tls);
  }

  private static InetAddress address(@Nullable String listen) throws LaunchException {
    try {
      return listen == null
          ? InetAddress.getByAddress(new byte[] {127, 0, 0, 1})
          : InetAddress.ofLiteral(listen);
    } catch (UnknownHostException | IllegalArgumentException e) {
      throw LaunchException.notStarted("--listen needs an IP address such as 0.0.0.0");
    }
  }
}
