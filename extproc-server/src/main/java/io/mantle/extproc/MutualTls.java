package io.mantle.extproc;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How this server and a control plane on another host know each other: TLS both ways. The control
 * plane's certificate must be of the authorities given and name the host that was dialled.
 *
 * <p>Changed files are read within a minute and hold for connections made from then on; files that
 * cannot be read then change nothing.
 */
final class MutualTls implements AutoCloseable {
  private static final long READ_EVERY_SECONDS = 30;

  private final ScheduledExecutorService reading =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("tls-files").factory());
  private final ChannelCredentials credentials;

  /** PEM files: who may have issued the other's certificate, one's own, and its key. */
  record Files(Path authorities, Path certificate, Path key) {}

  /**
   * Reads the files.
   *
   * @throws IOException if one cannot be used
   */
  MutualTls(Files files) throws IOException {
    try {
      AdvancedTlsX509KeyManager own = new AdvancedTlsX509KeyManager();
      var _ =
          own.updateIdentityCredentials(
              files.certificate().toFile(),
              files.key().toFile(),
              READ_EVERY_SECONDS,
              TimeUnit.SECONDS,
              reading);
      AdvancedTlsX509TrustManager others =
          AdvancedTlsX509TrustManager.newBuilder()
              .setVerification(Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION)
              .build();
      var _ =
          others.updateTrustCredentials(
              files.authorities().toFile(), READ_EVERY_SECONDS, TimeUnit.SECONDS, reading);
      credentials = TlsChannelCredentials.newBuilder().keyManager(own).trustManager(others).build();
    } catch (IOException | GeneralSecurityException e) {
      reading.shutdownNow();
      throw new IOException("the files for TLS to the control plane cannot be used: " + e, e);
    }
  }

  ChannelCredentials credentials() {
    return credentials;
  }

  @Override
  public void close() {
    reading.shutdownNow();
  }
}
