package io.mantle.extproc.relay;

import static io.mantle.extproc.relay.AdsEnds.names;
import static io.mantle.extproc.relay.AdsEnds.resource;
import static io.mantle.extproc.relay.ConfigType.CLUSTER;
import static io.mantle.extproc.relay.ConfigType.LISTENER;
import static io.mantle.extproc.relay.ConfigType.SCOPED_ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.mantle.extproc.lastgood.LastGoodFolder;
import io.mantle.extproc.relay.AdsEnds.ControlPlane;
import io.mantle.extproc.relay.AdsEnds.ControlStream;
import io.mantle.extproc.relay.AdsEnds.Envoy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdsRelayTest {
  @TempDir Path folder;
  private ControlPlane control;
  private Sidecar sidecar;

  @BeforeEach
  void start() throws Exception {
    control = new ControlPlane();
    sidecar = new Sidecar();
  }

  @AfterEach
  void end() {
    sidecar.close();
    control.close();
  }

  @Test
  void controlPlane_there_seesEnvoyAndEnvoySeesIt() throws Exception {
    try (Envoy envoy = sidecar.envoy()) {
      envoy.subscribe(CLUSTER, Map.of());
      ControlStream stream = control.stream();
      DeltaDiscoveryRequest asked = stream.next();
      assertThat(asked.getNode().getId()).isEqualTo("envoy-1");
      assertThat(asked.getTypeUrl()).isEqualTo(CLUSTER.url());
      assertThat(asked.getInitialResourceVersionsMap()).isEmpty();

      stream.push(CLUSTER, "n1", List.of(resource(CLUSTER, "c1", "v1")));
      assertThat(names(envoy.take())).containsExactly("c1");
      DeltaDiscoveryRequest acked = stream.next();
      assertThat(acked.getResponseNonce()).isEqualTo("n1");
      assertThat(acked.hasErrorDetail()).isFalse();

      stream.push(CLUSTER, "n2", List.of(resource(CLUSTER, "c2", "v1")), "c1");
      DeltaDiscoveryResponse second = envoy.responses().next();
      assertThat(second.getRemovedResourcesList()).containsExactly("c1");
      envoy.refuse(second, "c2 is no cluster");
      DeltaDiscoveryRequest refused = stream.next();
      assertThat(refused.getResponseNonce()).isEqualTo("n2");
      assertThat(refused.getErrorDetail().getMessage()).isEqualTo("c2 is no cluster");
    }
  }

  @Test
  void envoy_thatStartsWithoutControlPlane_takesWhatAnEarlierOneTook() throws Exception {
    configure();
    control.stop();
    sidecar.restart();

    try (Envoy envoy = sidecar.envoy()) {
      envoy.subscribe(CLUSTER, Map.of());
      envoy.subscribe(LISTENER, Map.of());
      envoy.subscribe(SCOPED_ROUTE, Map.of());
      DeltaDiscoveryResponse clusters = envoy.responses().next();
      assertThat(names(clusters)).as("not what it refused").containsExactly("c1");
      envoy.responses().assertSilent();
      envoy.ack(clusters);
      assertThat(names(envoy.take())).containsExactly("gateway");
      assertThat(names(envoy.take())).containsExactly("acme", "other");

      control.restart();
      ControlStream stream = control.stream();
      assertHeld(stream.next(), CLUSTER, Map.of("c1", "v1"));
      assertHeld(stream.next(), LISTENER, Map.of("gateway", "v1"));
      assertHeld(stream.next(), SCOPED_ROUTE, Map.of("acme", "v1", "other", "v1"));
      stream.push(SCOPED_ROUTE, "n1", List.of(resource(SCOPED_ROUTE, "acme", "v2")), "other");
      DeltaDiscoveryResponse difference = envoy.take();
      assertThat(names(difference)).containsExactly("acme");
      assertThat(difference.getRemovedResourcesList()).containsExactly("other");
      assertThat(stream.next().getResponseNonce()).isEqualTo("n1");
    }
    control.stop();
    sidecar.restart();
    try (Envoy envoy = sidecar.envoy()) {
      envoy.subscribe(SCOPED_ROUTE, Map.of());
      assertThat(envoy.responses().next().getResourcesList())
          .containsExactly(resource(SCOPED_ROUTE, "acme", "v2"));
    }
  }

  @Test
  void envoy_thatKeptRunning_isLeftAsItIs() throws Exception {
    configure();
    sidecar.restart();

    try (Envoy envoy = sidecar.envoy()) {
      envoy.subscribe(SCOPED_ROUTE, Map.of("acme", "v2", "third", "v1"));
      ControlStream stream = control.stream();
      assertHeld(stream.next(), SCOPED_ROUTE, Map.of("acme", "unknown", "third", "unknown"));
      envoy.responses().assertSilent();
      stream.push(SCOPED_ROUTE, "n1", List.of(resource(SCOPED_ROUTE, "acme", "v2")), "third");
      envoy.take();
      stream.next();
    }
    sidecar.restart();
    try (Envoy envoy = sidecar.envoy()) {
      envoy.subscribe(SCOPED_ROUTE, Map.of());
      assertThat(envoy.responses().next().getResourcesList())
          .as("nor is what it had dropped told again")
          .containsExactly(resource(SCOPED_ROUTE, "acme", "v2"));
    }
  }

  @Test
  void controlPlane_goneBeforeEnvoyAnswered_isToldTheAnswerByWhatIsHeld() throws Exception {
    try (Envoy envoy = sidecar.envoy()) {
      envoy.subscribe(CLUSTER, Map.of());
      ControlStream stream = control.stream();
      stream.next();
      stream.push(CLUSTER, "0", List.of(resource(CLUSTER, "c1", "v1")));
      DeltaDiscoveryResponse response = envoy.responses().next();
      control.stop();
      control.restart();
      ControlStream again = control.stream();
      again.requests().assertSilent();

      envoy.ack(response);
      assertHeld(again.next(), CLUSTER, Map.of("c1", "v1"));
      again.push(CLUSTER, "0", List.of(), "c1");
      DeltaDiscoveryResponse removal = envoy.take();
      assertThat(removal.getNonce()).isNotEqualTo(response.getNonce());
      assertThat(again.next().getResponseNonce()).isEqualTo("0");
    }
  }

  @Test
  void envoy_thatRefusesSomeOfLastGood_hasTheRest() throws Exception {
    List<Resource> many =
        IntStream.range(0, 7).mapToObj(i -> resource(SCOPED_ROUTE, "t" + i, "v1")).toList();
    try (Envoy envoy = sidecar.envoy()) {
      envoy.subscribe(SCOPED_ROUTE, Map.of());
      ControlStream stream = control.stream();
      stream.next();
      stream.push(SCOPED_ROUTE, "n1", many);
      envoy.take();
      stream.next();
    }
    control.stop();
    sidecar.restart();

    List<String> taken = new ArrayList<>();
    boolean refusedAlone = false;
    try (Envoy envoy = sidecar.envoy()) {
      envoy.subscribe(SCOPED_ROUTE, Map.of());
      while (taken.size() < 6 || !refusedAlone) {
        DeltaDiscoveryResponse response = envoy.responses().next();
        if (names(response).contains("t3")) {
          envoy.refuse(response, "t3 is not for me");
          refusedAlone = names(response).size() == 1;
        } else {
          envoy.ack(response);
          taken.addAll(names(response));
        }
      }
      assertThat(taken).doesNotContain("t3").doesNotHaveDuplicates();
      control.restart();
      assertThat(control.stream().next().getInitialResourceVersionsMap().keySet())
          .containsExactlyInAnyOrderElementsOf(taken);
    }
  }

  @Test
  void envoy_ofATypeThatNothingIsKnownOf_isNotToldThatThereIsNone() throws Exception {
    try (Envoy envoy = sidecar.envoy()) {
      envoy.subscribe(CLUSTER, Map.of());
      ControlStream stream = control.stream();
      stream.next();
      stream.push(CLUSTER, "n1", List.of(resource(CLUSTER, "c1", "v1")));
      envoy.take();
      stream.next();
    }
    control.stop();

    try (Envoy envoy = sidecar.envoy()) {
      envoy.subscribe(SCOPED_ROUTE, Map.of());
      envoy.responses().assertSilent();
    }
  }

  @Test
  void envoy_withNothingKnownAndNobodyThere_waits() throws Exception {
    control.stop();
    try (Envoy envoy = sidecar.envoy()) {
      envoy.subscribe(CLUSTER, Map.of());
      envoy.responses().assertSilent();
      control.restart();
      assertHeld(control.stream().next(), CLUSTER, Map.of());
    }
  }

  @Test
  void file_damaged_isAsNone() throws Exception {
    configure();
    sidecar.close();
    Files.writeString(folder.resolve("last-good/envoy"), "nonsense");
    control.stop();
    sidecar = new Sidecar();

    try (Envoy envoy = sidecar.envoy()) {
      envoy.subscribe(CLUSTER, Map.of());
      envoy.responses().assertSilent();
    }
  }

  /** An Envoy takes a cluster, refuses another, takes a listener and two scopes, and leaves. */
  private void configure() throws Exception {
    try (Envoy envoy = sidecar.envoy()) {
      envoy.subscribe(CLUSTER, Map.of());
      ControlStream stream = control.stream();
      stream.next();
      stream.push(CLUSTER, "n1", List.of(resource(CLUSTER, "c1", "v1")));
      envoy.take();
      stream.next();
      stream.push(CLUSTER, "n2", List.of(resource(CLUSTER, "c2", "v1")));
      envoy.refuse(envoy.responses().next(), "no");
      stream.next();
      envoy.subscribe(LISTENER, Map.of());
      stream.next();
      stream.push(LISTENER, "n3", List.of(resource(LISTENER, "gateway", "v1")));
      envoy.take();
      stream.next();
      envoy.subscribe(SCOPED_ROUTE, Map.of());
      stream.next();
      stream.push(
          SCOPED_ROUTE,
          "n4",
          List.of(resource(SCOPED_ROUTE, "acme", "v1"), resource(SCOPED_ROUTE, "other", "v1")));
      envoy.take();
      stream.next();
    }
  }

  private static void assertHeld(
      DeltaDiscoveryRequest request, ConfigType type, Map<String, String> versions) {
    assertThat(request.getTypeUrl()).isEqualTo(type.url());
    assertThat(request.getInitialResourceVersionsMap()).isEqualTo(versions);
  }

  /** The relay and what it needs, as in one process. */
  private final class Sidecar implements AutoCloseable {
    private ManagedChannel channel;
    private AdsRelay relay;
    private Server server;

    private Sidecar() throws IOException {
      channel = control.channel();
      relay = new AdsRelay(channel, LastGoodFolder.withKeyOfItsOwn(folder));
      server = AdsEnds.serve(relay, 0);
    }

    private Envoy envoy() {
      return new Envoy(server.getPort());
    }

    private void restart() throws IOException {
      close();
      sidecar = new Sidecar();
    }

    @Override
    public void close() {
      AdsEnds.end(server);
      relay.close();
      channel.shutdownNow();
    }
  }
}
