package io.mantle.gateway;

import io.grpc.netty.shaded.io.netty.bootstrap.Bootstrap;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2HeadersFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ResetFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2StreamChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One HTTP/2 connection in clear text, by prior knowledge; one exchange at a time. */
final class Http2Client implements AutoCloseable {
  private static final int SECONDS_MAX = 20;

  private final EventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel connection;

  Http2Client(int port) throws InterruptedException {
    connection =
        new Bootstrap()
            .group(threads)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forClient().build(),
                            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                  }
                })
            .connect(InetAddress.getLoopbackAddress(), port)
            .sync()
            .channel();
  }

  /** A chat completion's headers; the body's length is not among them. */
  static Http2Headers chatHeaders(String key) {
    return new DefaultHttp2Headers()
        .method("POST")
        .scheme("http")
        .authority("gateway")
        .path("/v1/chat/completions")
        .add("content-type", "application/json")
        .add("authorization", "Bearer " + key);
  }

  /** Sends a body, and reads the answer. */
  RawClient.Answer send(Http2Headers headers, byte[] body) throws Exception {
    return exchange(headers, body, null);
  }

  /** Sends a body and trailers after it, and reads the answer. */
  RawClient.Answer sendWithTrailers(Http2Headers headers, byte[] body, Http2Headers trailers)
      throws Exception {
    return exchange(headers, body, trailers);
  }

  private RawClient.Answer exchange(
      Http2Headers headers, byte[] body, @org.jspecify.annotations.Nullable Http2Headers trailers)
      throws Exception {
    Reading reading = new Reading();
    Http2StreamChannel stream =
        new Http2StreamChannelBootstrap(connection)
            .handler(reading)
            .open()
            .get(SECONDS_MAX, TimeUnit.SECONDS);
    var _ = stream.write(new DefaultHttp2HeadersFrame(headers));
    var _ = stream.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), trailers == null));
    if (trailers != null) {
      var _ = stream.write(new DefaultHttp2HeadersFrame(trailers, true));
    }
    stream.flush();
    return reading.answer.get(SECONDS_MAX, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    var _ = connection.close().syncUninterruptibly();
    var _ = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static final class Reading extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<RawClient.Answer> answer = new CompletableFuture<>();
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status;

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      try {
        switch (frame) {
          case Http2HeadersFrame head -> {
            if (status == 0) {
              status = Integer.parseInt(head.headers().status().toString());
              head.headers()
                  .forEach(h -> headers.put(h.getKey().toString(), h.getValue().toString()));
            }
            endIf(head.isEndStream());
          }
          case Http2DataFrame data -> {
            byte[] piece = new byte[data.content().readableBytes()];
            data.content().readBytes(piece);
            body.writeBytes(piece);
            endIf(data.isEndStream());
          }
          default -> {}
        }
      } finally {
        ReferenceCountUtil.release(frame);
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof Http2ResetFrame) {
        end(false);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      end(false);
    }

    private void endIf(boolean last) {
      if (last) {
        end(true);
      }
    }

    private void end(boolean whole) {
      answer.complete(new RawClient.Answer(status, headers, body.toByteArray(), whole));
    }
  }
}
