package io.mantle.extproc.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The two ends of delta ADS, over the real protocol on loopback. */
final class AdsEnds {
  private static final long WAIT_SECONDS = 10;
  private static final long SILENCE_MILLIS = 150;

  private AdsEnds() {}

  /** What a stream brings, in order. */
  static final class Inbox<T> implements StreamObserver<T> {
    private final BlockingQueue<T> messages = new LinkedBlockingQueue<>();

    T next() throws InterruptedException {
      T next = messages.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      assertThat(next).as("a message").isNotNull();
      return next;
    }

    /** Nothing comes for a while. */
    void assertSilent() throws InterruptedException {
      assertThat(messages.poll(SILENCE_MILLIS, TimeUnit.MILLISECONDS)).isNull();
    }

    @Override
    public void onNext(T message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}
  }

  /** A control plane that may go away and come back. */
  static final class ControlPlane implements AutoCloseable {
    private final BlockingQueue<ControlStream> streams = new LinkedBlockingQueue<>();
    private final int port;
    private @Nullable Server server;

    ControlPlane() throws IOException {
      Server first = serve(service(), 0);
      server = first;
      port = first.getPort();
    }

    private BindableService service() {
      return new AggregatedDiscoveryServiceImplBase() {
        @Override
        public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
            StreamObserver<DeltaDiscoveryResponse> responses) {
          ControlStream stream = new ControlStream(responses, new Inbox<>());
          streams.add(stream);
          return stream.requests();
        }
      };
    }

    /** The next stream that somebody opens. */
    ControlStream stream() throws InterruptedException {
      ControlStream next = streams.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      assertThat(next).as("a stream to the control plane").isNotNull();
      return next;
    }

    ManagedChannel channel() {
      return AdsEnds.channel(port);
    }

    void stop() {
      if (server != null) {
        end(server);
        server = null;
        streams.clear();
      }
    }

    void restart() throws IOException {
      server = serve(service(), port);
    }

    @Override
    public void close() {
      stop();
    }
  }

  /** One stream, as the control plane sees it. */
  record ControlStream(
      StreamObserver<DeltaDiscoveryResponse> responses, Inbox<DeltaDiscoveryRequest> requests) {

    DeltaDiscoveryRequest next() throws InterruptedException {
      return requests.next();
    }

    void push(ConfigType type, String nonce, List<Resource> changed, String... removed) {
      responses.onNext(
          DeltaDiscoveryResponse.newBuilder()
              .setTypeUrl(type.url())
              .setNonce(nonce)
              .addAllResources(changed)
              .addAllRemovedResources(List.of(removed))
              .build());
    }
  }

  /** An Envoy on one stream. */
  static final class Envoy implements AutoCloseable {
    private final ManagedChannel channel;
    private final Inbox<DeltaDiscoveryResponse> responses = new Inbox<>();
    private final StreamObserver<DeltaDiscoveryRequest> requests;

    Envoy(int port) {
      channel = channel(port);
      requests =
          AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(responses);
    }

    void subscribe(ConfigType type, Map<String, String> held) {
      requests.onNext(
          DeltaDiscoveryRequest.newBuilder()
              .setNode(Node.newBuilder().setId("envoy-1"))
              .setTypeUrl(type.url())
              .putAllInitialResourceVersions(held)
              .build());
    }

    Inbox<DeltaDiscoveryResponse> responses() {
      return responses;
    }

    DeltaDiscoveryResponse take() throws InterruptedException {
      DeltaDiscoveryResponse response = responses.next();
      requests.onNext(answer(response).build());
      return response;
    }

    void refuse(DeltaDiscoveryResponse response, String reason) {
      requests.onNext(
          answer(response)
              .setErrorDetail(com.google.rpc.Status.newBuilder().setCode(13).setMessage(reason))
              .build());
    }

    void ack(DeltaDiscoveryResponse response) {
      requests.onNext(answer(response).build());
    }

    private static DeltaDiscoveryRequest.Builder answer(DeltaDiscoveryResponse response) {
      return DeltaDiscoveryRequest.newBuilder()
          .setTypeUrl(response.getTypeUrl())
          .setResponseNonce(response.getNonce());
    }

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }

  static Server serve(BindableService service, int port) throws IOException {
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .addService(service)
        .build()
        .start();
  }

  static void end(Server server) {
    try {
      server.shutdownNow().awaitTermination(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .usePlaintext()
        .build();
  }

  static Resource resource(ConfigType type, String name, String version) {
    return Resource.newBuilder()
        .setName(name)
        .setVersion(version)
        .setResource(Any.newBuilder().setTypeUrl(type.url()))
        .build();
  }

  static List<String> names(DeltaDiscoveryResponse response) {
    return response.getResourcesList().stream().map(Resource::getName).sorted().toList();
  }
}
