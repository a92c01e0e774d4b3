package io.mantle.gateway;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A name server that has one IPv4 address for every name, for a second. RFC 1035. */
final class ScriptedDns implements AutoCloseable {
  private static final int HEADER_BYTES = 12;
  private static final int TYPE_A = 1;

  private final DatagramSocket socket;
  private volatile InetAddress address = InetAddress.getLoopbackAddress();

  private ScriptedDns(DatagramSocket socket) {
    this.socket = socket;
  }

  static ScriptedDns start() throws IOException {
    ScriptedDns dns =
        new ScriptedDns(
            new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    Thread.ofVirtual().name("scripted-dns").start(dns::serve);
    return dns;
  }

  void leadsTo(String literal) {
    address = InetAddress.ofLiteral(literal);
  }

  /** What makes an Envoy ask here, as part of its bootstrap. */
  String resolverOfEnvoy() {
    return """

        typed_dns_resolver_config:
          name: envoy.network.dns_resolver.cares
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig
            resolvers: [{socket_address: {address: 127.0.0.1, port_value: %d}}]
            dns_resolver_options: {no_default_search_domain: true}
        """
        .formatted(socket.getLocalPort());
  }

  private void serve() {
    byte[] buffer = new byte[512];
    while (!socket.isClosed()) {
      try {
        DatagramPacket question = new DatagramPacket(buffer, buffer.length);
        socket.receive(question);
        byte[] answer = answer(Arrays.copyOf(buffer, question.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private byte[] answer(byte[] question) {
    int end = HEADER_BYTES;
    while (question[end] != 0) {
      end += question[end] + 1;
    }
    end += 5; // the name's end, type and class
    boolean known = question[end - 3] == TYPE_A;
    ByteBuffer answer = ByteBuffer.allocate(end + 16);
    answer.put(question, 0, 2).putShort((short) 0x8180); // an answer, recursion available
    answer.putShort((short) 1).putShort((short) (known ? 1 : 0)).putInt(0);
    answer.put(question, HEADER_BYTES, end - HEADER_BYTES);
    if (known) {
      answer.putShort((short) 0xc00c).putShort((short) TYPE_A).putShort((short) 1);
      answer.putInt(1).putShort((short) 4).put(address.getAddress());
    }
    return Arrays.copyOf(answer.array(), answer.position());
  }

  @Override
  public void close() {
    socket.close();
  }
}
