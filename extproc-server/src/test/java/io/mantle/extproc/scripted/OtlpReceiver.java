package io.mantle.extproc.scripted;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** A collector that keeps what it is sent: OTLP over HTTP, in protobuf. */
public final class OtlpReceiver implements AutoCloseable {
  private final HttpServer server;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<Span> spans = new ArrayList<>();
  private final List<String> heads = new ArrayList<>();

  public OtlpReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.start();
  }

  private synchronized void take(HttpExchange exchange) throws IOException {
    try (exchange;
        InputStream body = unpacked(exchange)) {
      byte[] message = body.readAllBytes();
      bytes.writeBytes(message);
      heads.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().entrySet());
      spans(message);
      exchange.getResponseHeaders().set("content-type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private static InputStream unpacked(HttpExchange exchange) throws IOException {
    boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("content-encoding"));
    return packed ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
  }

  private void spans(byte[] message) throws InvalidProtocolBufferException {
    ExportTraceServiceRequest.parseFrom(message)
        .getResourceSpansList()
        .forEach(
            resource ->
                resource
                    .getScopeSpansList()
                    .forEach(scope -> this.spans.addAll(scope.getSpansList())));
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** All spans so far. */
  public synchronized List<Span> spans() {
    return List.copyOf(spans);
  }

  /** All that was sent, inflated, and with what head. */
  public synchronized String text() {
    return bytes.toString(StandardCharsets.ISO_8859_1) + heads;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
