package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.mantle.extproc.ExtProcServer;
import io.mantle.extproc.Settings;
import io.mantle.proto.usage.v1.ReportUsageRequest;
import io.mantle.proto.usage.v1.UsageServiceGrpc;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Control plane and sidecar as on two hosts: TLS both ways between them, and nobody else let in.
 */
@ExtendWith(SharedStack.class)
final class MutualTlsIT {
  private static final String HOST = "ip:127.0.0.1";

  @TempDir
  @SuppressWarnings("NullAway.Init") // the extension
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static TestCertificates ours;

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static GatewayStack gateway;

  private static int port;

  @BeforeAll
  static void start(TestDatabase database) throws Exception {
    ours = new TestCertificates(folder.resolve("ours"));
    ours.issue("control-plane", HOST);
    ours.issue("sidecar", "dns:sidecar");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Map<String, String> settings = new HashMap<>(sidecarTls("127.0.0.1"));
    settings.put("MANTLE_XDS_LISTEN", "127.0.0.1:" + port);
    settings.put("MANTLE_XDS_TLS_CERT_FILE", ours.certificate("control-plane").toString());
    settings.put("MANTLE_XDS_TLS_KEY_FILE", ours.key("control-plane").toString());
    settings.put("MANTLE_XDS_TLS_CLIENT_CA_FILE", ours.authority().toString());
    gateway = GatewayStack.start(database, GatewayStack.ExtProc.HERE, settings);
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
  }

  private static Map<String, String> sidecarTls(String host) {
    return Map.of(
        "MANTLE_CONTROL_PLANE", host + ":" + port,
        "MANTLE_CONTROL_PLANE_CA_FILE", ours.authority().toString(),
        "MANTLE_CONTROL_PLANE_CERT_FILE", ours.certificate("sidecar").toString(),
        "MANTLE_CONTROL_PLANE_KEY_FILE", ours.key("sidecar").toString());
  }

  @Test
  void traffic_flowsAndChangesArrive() throws Exception {
    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi")));
    String key = TestTenant.create(gateway, "over-tls", gateway.provider().baseUrl().toString());

    Until.holds(
        Duration.ofSeconds(10),
        "the tenant's routes",
        () -> gateway.chatAs(key, Chat.saying("hi")).status() == 200);
  }

  @Test
  void client_withoutCertificateOrWithAnothersOrWithoutTls_isNotServed() throws Exception {
    TestCertificates theirs = new TestCertificates(folder.resolve("theirs"));
    theirs.issue("sidecar", "dns:sidecar");

    assertThat(reports(client(ours, "sidecar"))).isEqualTo(Status.Code.OK);
    assertThat(reports(client(theirs, "sidecar"))).isEqualTo(Status.Code.UNAVAILABLE);
    ChannelCredentials nameless =
        TlsChannelCredentials.newBuilder().trustManager(ours.authority().toFile()).build();
    assertThat(reports(nameless)).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(reports(InsecureChannelCredentials.create())).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void sidecar_doesNotSpeakToAControlPlaneOfAnotherName() throws Exception {
    Map<String, String> environment = new HashMap<>(sidecarTls("localhost"));
    environment.put("MANTLE_EXTPROC_SOCKET", folder.resolve("other.sock").toString());
    environment.put("MANTLE_DATA_DIR", "");
    try (LogTap log = LogTap.open();
        ExtProcServer server = ExtProcServer.start(Settings.read(environment))) {
      Until.holds(
          Duration.ofSeconds(20),
          "it gives up and tries again",
          () -> log.text().contains("policy stream ended (UNAVAILABLE)"));
      assertThat(server.isReady()).isFalse();
    }
  }

  @Test
  void files_thatCannotBeRead_stopTheStart() {
    Map<String, String> environment = new HashMap<>(sidecarTls("127.0.0.1"));
    environment.put("MANTLE_CONTROL_PLANE_KEY_FILE", folder.resolve("none.key").toString());
    environment.put("MANTLE_EXTPROC_SOCKET", folder.resolve("other.sock").toString());
    environment.put("MANTLE_DATA_DIR", "");
    Settings settings = Settings.read(environment);

    assertThatThrownBy(() -> ExtProcServer.start(settings).close())
        .isInstanceOf(java.io.IOException.class)
        .hasMessageContaining("the files for TLS to the control plane cannot be used");
  }

  private static ChannelCredentials client(TestCertificates certificates, String name)
      throws Exception {
    return TlsChannelCredentials.newBuilder()
        .keyManager(certificates.certificate(name).toFile(), certificates.key(name).toFile())
        .trustManager(ours.authority().toFile())
        .build();
  }

  /** What an empty report of usage is answered with. */
  private static Status.Code reports(ChannelCredentials credentials) throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forTarget("127.0.0.1:" + port, credentials).build();
    try {
      var _ = usage(channel).reportUsage(ReportUsageRequest.getDefaultInstance());
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  private static UsageServiceGrpc.UsageServiceBlockingStub usage(Channel channel) {
    return UsageServiceGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
  }
}
