package io.mantle.gateway;

import io.grpc.netty.shaded.io.netty.bootstrap.ServerBootstrap;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2HeadersFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A provider that speaks TLS, and by it agrees on HTTP/2 alone. */
final class Http2Provider implements AutoCloseable {
  private final EventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final Channel server;
  private volatile Script script = _ -> new Reply(200, "{}");

  /** How a request is answered. What it throws breaks the stream off. */
  @FunctionalInterface
  interface Script {
    Reply answer(Received request) throws Exception;
  }

  /** A request as it arrived. */
  record Received(Http2Headers head, String body) {

    String header(String name) {
      CharSequence value = head.get(name);
      return value == null ? "" : value.toString();
    }
  }

  /** What it is answered with, as JSON. */
  record Reply(int status, String body) {}

  Http2Provider(TestCertificates certificates, String name) throws Exception {
    SslContext tls =
        SslContextBuilder.forServer(
                certificates.certificate(name).toFile(), certificates.key(name).toFile())
            .sslProvider(SslProvider.JDK)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.FATAL_ALERT,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    "h2"))
            .build();
    server =
        new ServerBootstrap()
            .group(threads)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            tls.newHandler(channel.alloc()),
                            Http2FrameCodecBuilder.forServer().build(),
                            new Http2MultiplexHandler(
                                new ChannelInitializer<Channel>() {
                                  @Override
                                  protected void initChannel(Channel stream) {
                                    stream.pipeline().addLast(new Exchange());
                                  }
                                }));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
  }

  String baseUrl() {
    return "https://127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort() + "/v1";
  }

  /** From here on requests are answered so. */
  void answers(Script next) {
    script = next;
  }

  /** What arrived, in order. */
  List<Received> received() {
    return List.copyOf(received);
  }

  @Override
  public void close() {
    var _ = server.close().syncUninterruptibly();
    var _ = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** One request on its stream. */
  private final class Exchange extends ChannelInboundHandlerAdapter {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private @Nullable Http2Headers head;

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) throws Exception {
      try {
        switch (frame) {
          case Http2HeadersFrame headers -> {
            head = head == null ? headers.headers() : head;
            answerIf(headers.isEndStream(), context);
          }
          case Http2DataFrame data -> {
            data.content().readBytes(body, data.content().readableBytes());
            answerIf(data.isEndStream(), context);
          }
          default -> {}
        }
      } finally {
        ReferenceCountUtil.release(frame);
      }
    }

    private void answerIf(boolean whole, ChannelHandlerContext context) throws Exception {
      Http2Headers asked = head;
      if (!whole || asked == null) {
        return;
      }
      Received request = new Received(asked, body.toString(StandardCharsets.UTF_8));
      received.add(request);
      Reply reply = script.answer(request);
      byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
      var _ =
          context.write(
              new DefaultHttp2HeadersFrame(
                  new DefaultHttp2Headers()
                      .status(Integer.toString(reply.status()))
                      .add("content-type", "application/json")));
      var _ = context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), true));
    }
  }
}
