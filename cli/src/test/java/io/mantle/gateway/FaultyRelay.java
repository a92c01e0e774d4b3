package io.mantle.gateway;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HeadersResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.TrailersResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands between Envoy and the real ext_proc server, hands every message on as it is, and at the
 * chosen one commits a fault instead. From then on it says nothing more in that exchange.
 */
final class FaultyRelay implements AutoCloseable {
  private static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };
  private static final MethodDescriptor<byte[], byte[]> PROCESS =
      MethodDescriptor.newBuilder(BYTES, BYTES)
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName("envoy.service.ext_proc.v3.ExternalProcessor/Process")
          .build();

  /** How the ext_proc server fails. */
  enum Fault {
    /** Its connection breaks, as when its process dies. */
    CRASH,
    /** It never says anything again. */
    HANG,
    /** It ends the exchange as if all were well. */
    CLEAN_CLOSE,
    /** It ends the exchange with an error. */
    ERROR,
    /** It answers something else than it was asked. */
    WRONG_KIND,
    /** It answers what is asked, and says nothing by it. */
    EMPTY_ANSWER,
    /** It answers bytes that are no message. */
    UNDECODABLE
  }

  /** When it fails: in place of the answer to this message. */
  enum Point {
    REQUEST_HEADERS,
    REQUEST_BODY,
    RESPONSE_HEADERS,
    FIRST_CHUNK,
    LATER_CHUNK,
    /** All of the answer's body has gone out; only the word that it was all is missing. */
    LAST_WORD
  }

  private record Plan(Fault fault, Point point) {}

  private final Connections threads = new Connections();
  private final ManagedChannel toServer;
  private final Server server;
  private volatile @Nullable Plan plan;
  private volatile int chunksSeen;
  private volatile boolean committed;

  private FaultyRelay(Path envoySide, Path serverSide) throws IOException {
    toServer =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(serverSide.toFile()))
            .overrideAuthority("ext-proc")
            .eventLoopGroup(threads)
            .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
            .usePlaintext()
            .build();
    server =
        NettyServerBuilder.forAddress(new DomainSocketAddress(envoySide.toFile()))
            .channelType(EpollServerDomainSocketChannel.class)
            .bossEventLoopGroup(threads)
            .workerEventLoopGroup(threads)
            .directExecutor()
            .addService(
                ServerServiceDefinition.builder("envoy.service.ext_proc.v3.ExternalProcessor")
                    .addMethod(PROCESS, (call, _) -> new Relayed(call).begin())
                    .build())
            .build()
            .start();
  }

  static FaultyRelay start(Path envoySide, Path serverSide) throws IOException {
    return new FaultyRelay(envoySide, serverSide);
  }

  /** Every exchange that begins from here on fails so. */
  void fail(Fault fault, Point point) {
    committed = false;
    plan = new Plan(fault, point);
  }

  void behave() {
    plan = null;
  }

  /** Whether the fault was committed. */
  boolean hasFailed() {
    return committed;
  }

  /** How many messages with a piece of an answer's body the latest exchange has had. */
  int chunksSeen() {
    return chunksSeen;
  }

  @Override
  public void close() {
    server.shutdownNow();
    toServer.shutdownNow();
    var _ = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Threads that remember the connections they were given, so that these can be broken. */
  private static final class Connections extends MultiThreadIoEventLoopGroup {
    private final Queue<Channel> accepted = new ConcurrentLinkedQueue<>();

    private Connections() {
      super(1, EpollIoHandler.newFactory());
    }

    @Override
    public ChannelFuture register(Channel channel) {
      if (channel.parent() != null) {
        accepted.add(channel);
      }
      return super.register(channel);
    }

    /** Without a word on the connection, as when a process dies. */
    private void breakAll() {
      for (Channel channel : accepted) {
        channel.eventLoop().execute(() -> channel.unsafe().close(channel.unsafe().voidPromise()));
      }
      accepted.clear();
    }
  }

  /** One exchange. */
  private final class Relayed extends ServerCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> envoy;
    private final ClientCall<byte[], byte[]> real;
    private final @Nullable Plan planned = plan;
    private int chunks;
    private boolean failed;

    private Relayed(ServerCall<byte[], byte[]> envoy) {
      this.envoy = envoy;
      this.real = toServer.newCall(PROCESS, CallOptions.DEFAULT);
    }

    private Relayed begin() {
      chunksSeen = 0;
      envoy.sendHeaders(new Metadata());
      real.start(new Answers(), new Metadata());
      real.request(Integer.MAX_VALUE);
      envoy.request(Integer.MAX_VALUE);
      return this;
    }

    @Override
    public synchronized void onMessage(byte[] message) {
      if (failed) {
        return;
      }
      Point point = point(parse(message));
      if (planned != null && planned.point() == point) {
        commit(planned.fault(), parse(message));
      } else {
        real.sendMessage(message);
      }
    }

    private @Nullable Point point(ProcessingRequest message) {
      return switch (message.getRequestCase()) {
        case REQUEST_HEADERS -> Point.REQUEST_HEADERS;
        case REQUEST_BODY -> Point.REQUEST_BODY;
        case RESPONSE_HEADERS -> Point.RESPONSE_HEADERS;
        case RESPONSE_BODY -> {
          chunksSeen = ++chunks;
          yield chunks == 1 ? Point.FIRST_CHUNK : Point.LATER_CHUNK;
        }
        case REQUEST_TRAILERS, RESPONSE_TRAILERS, REQUEST_NOT_SET -> null;
      };
    }

    private void commit(Fault fault, ProcessingRequest asked) {
      failed = true;
      committed = true;
      switch (fault) {
        case CRASH -> threads.breakAll();
        case HANG -> {}
        case CLEAN_CLOSE -> envoy.close(Status.OK, new Metadata());
        case ERROR -> envoy.close(Status.INTERNAL, new Metadata());
        case WRONG_KIND -> envoy.sendMessage(wrongAnswer(asked).toByteArray());
        case EMPTY_ANSWER -> envoy.sendMessage(emptyAnswer(asked).toByteArray());
        case UNDECODABLE -> envoy.sendMessage(new byte[] {(byte) 0xff, (byte) 0xff, 0, 7});
      }
    }

    @Override
    public synchronized void onHalfClose() {
      real.halfClose();
    }

    @Override
    public synchronized void onCancel() {
      failed = true;
      real.cancel("Envoy left", null);
    }

    /** What the real server says. */
    private final class Answers extends ClientCall.Listener<byte[]> {
      @Override
      public void onMessage(byte[] message) {
        synchronized (Relayed.this) {
          if (failed) {
            return;
          }
          if (planned != null && planned.point() == Point.LAST_WORD) {
            ProcessingResponse answer = parseAnswer(message);
            if (isLast(answer)) {
              envoy.sendMessage(withoutEnd(answer).toByteArray());
              commit(planned.fault(), ProcessingRequest.getDefaultInstance());
              return;
            }
          }
          envoy.sendMessage(message);
        }
      }

      @Override
      public void onClose(Status status, Metadata trailers) {
        synchronized (Relayed.this) {
          if (!failed) {
            failed = true;
            envoy.close(status, trailers);
          }
        }
      }
    }
  }

  private static boolean isLast(ProcessingResponse answer) {
    return answer.hasResponseBody()
        && answer
            .getResponseBody()
            .getResponse()
            .getBodyMutation()
            .getStreamedResponse()
            .getEndOfStream();
  }

  /** The same piece of body, but more is to come. */
  private static ProcessingResponse withoutEnd(ProcessingResponse answer) {
    ProcessingResponse.Builder open = answer.toBuilder();
    open.getResponseBodyBuilder()
        .getResponseBuilder()
        .getBodyMutationBuilder()
        .getStreamedResponseBuilder()
        .setEndOfStream(false);
    Struct account =
        answer.getDynamicMetadata().getFieldsOrThrow("mantle").getStructValue().toBuilder()
            .removeFields("end")
            .build();
    return open.setDynamicMetadata(
            Struct.newBuilder()
                .putFields("mantle", Value.newBuilder().setStructValue(account).build()))
        .build();
  }

  private static ProcessingResponse wrongAnswer(ProcessingRequest asked) {
    return switch (asked.getRequestCase()) {
      case REQUEST_HEADERS, REQUEST_BODY, REQUEST_TRAILERS ->
          ProcessingResponse.newBuilder()
              .setResponseHeaders(HeadersResponse.getDefaultInstance())
              .build();
      case RESPONSE_HEADERS, RESPONSE_BODY, RESPONSE_TRAILERS, REQUEST_NOT_SET ->
          ProcessingResponse.newBuilder().setRequestBody(BodyResponse.getDefaultInstance()).build();
    };
  }

  private static ProcessingResponse emptyAnswer(ProcessingRequest asked) {
    ProcessingResponse.Builder answer = ProcessingResponse.newBuilder();
    return switch (asked.getRequestCase()) {
      case REQUEST_HEADERS ->
          answer.setRequestHeaders(HeadersResponse.getDefaultInstance()).build();
      case REQUEST_BODY -> answer.setRequestBody(BodyResponse.getDefaultInstance()).build();
      case REQUEST_TRAILERS ->
          answer.setRequestTrailers(TrailersResponse.getDefaultInstance()).build();
      case RESPONSE_HEADERS ->
          answer.setResponseHeaders(HeadersResponse.getDefaultInstance()).build();
      case RESPONSE_BODY, REQUEST_NOT_SET ->
          answer.setResponseBody(BodyResponse.getDefaultInstance()).build();
      case RESPONSE_TRAILERS ->
          answer.setResponseTrailers(TrailersResponse.getDefaultInstance()).build();
    };
  }

  private static ProcessingRequest parse(byte[] message) {
    try {
      return ProcessingRequest.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProcessingResponse parseAnswer(byte[] message) {
    try {
      return ProcessingResponse.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }
}
