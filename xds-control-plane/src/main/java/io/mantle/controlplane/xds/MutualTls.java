package io.mantle.controlplane.xds;

import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How peers on other hosts and the control plane know each other: TLS both ways, by PEM files. A
 * peer without a certificate of the authorities given is not spoken to; which name it has does not
 * matter.
 *
 * @param certificate with its chain
 * @param key in PKCS #8
 * @param clientAuthorities who may have issued a peer's certificate
 */
public record MutualTls(Path certificate, Path key, Path clientAuthorities) {
  private static final long READ_EVERY_SECONDS = 30;

  /**
   * Reads the files, and again when they change, for connections made from then on. Files that
   * cannot be read then change nothing.
   *
   * @throws IOException if one cannot be used
   */
  ServerCredentials credentials(ScheduledExecutorService reading) throws IOException {
    try {
      AdvancedTlsX509KeyManager own = new AdvancedTlsX509KeyManager();
      var _ =
          own.updateIdentityCredentials(
              certificate.toFile(), key.toFile(), READ_EVERY_SECONDS, TimeUnit.SECONDS, reading);
      AdvancedTlsX509TrustManager peers =
          AdvancedTlsX509TrustManager.newBuilder()
              .setVerification(Verification.CERTIFICATE_ONLY_VERIFICATION)
              .build();
      var _ =
          peers.updateTrustCredentials(
              clientAuthorities.toFile(), READ_EVERY_SECONDS, TimeUnit.SECONDS, reading);
      return TlsServerCredentials.newBuilder()
          .keyManager(own)
          .trustManager(peers)
          .clientAuth(ClientAuth.REQUIRE)
          .build();
    } catch (IOException | GeneralSecurityException e) {
      throw new IOException("the files of MANTLE_XDS_TLS_ cannot be used: " + e, e);
    }
  }
}
