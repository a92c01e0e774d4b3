package io.mantle.controlplane.probe;

import io.mantle.controlplane.snapshot.InvalidTenantException;
import io.mantle.controlplane.snapshot.ProviderAddress;
import io.mantle.controlplane.snapshot.ProviderEndpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * One call of what a tenant named, in straight steps: name, connection, TLS, answer.
 *
 * <p>It speaks HTTP/1.1 on a socket of its own. Java's HTTP client resolves the name again for
 * itself, and one that is given an address instead verifies the certificate for the address.
 */
final class OutsideCall implements AutoCloseable {
  private static final int ADDRESSES_TRIED_MAX = 4;
  private static final int CONNECT_TIMEOUT_MILLIS = 3_000;
  private static final int STATUS_LINE_BYTES_MAX = 1_024;

  /** RFC 9112, section 4; the reason phrase is the other side's and is not repeated. */
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-9][0-9]{2})( .*)?");

  private final NameService names;
  private final Path caFile;
  private final Exchange exchange;
  private volatile String stage = "the start";
  private volatile boolean closed;
  private volatile @Nullable Socket open;

  OutsideCall(NameService names, Path caFile, Exchange exchange) {
    this.names = names;
    this.caFile = caFile;
    this.exchange = exchange;
  }

  /** Who knows the addresses of a name. */
  @FunctionalInterface
  interface NameService {
    /** As this machine resolves names. */
    NameService SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    List<InetAddress> addressesOf(String host) throws UnknownHostException;
  }

  /** What is said, and what of the answers is good. */
  interface Exchange {
    /** Whom it is said to. */
    ProviderEndpoint endpoint() throws InvalidTenantException, FailedException;

    /** All of it. */
    byte[] request(ProviderEndpoint endpoint) throws FailedException;

    /** Judges the answer. */
    void judge(int status) throws FailedException;
  }

  /** What ended the call, in words that are safe to show. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FailedException(String words) {
      super(words);
    }

    private String words() {
      return String.valueOf(getMessage());
    }
  }

  /** What it is at. */
  String stage() {
    return stage;
  }

  /** Makes the call; what failed, or empty. */
  Optional<String> run() {
    try {
      ProviderEndpoint endpoint = exchange.endpoint();
      byte[] request = exchange.request(endpoint);
      stage = "the name";
      List<InetAddress> addresses = addresses(endpoint);
      stage = "the connection";
      try (Socket plain = connect(addresses, endpoint.port())) {
        if (endpoint.secure()) {
          stage = "TLS";
          try (Socket secured = secure(plain, endpoint)) {
            stage = "the answer";
            exchange.judge(answer(secured, request));
          }
        } else {
          stage = "the answer";
          exchange.judge(answer(plain, request));
        }
      } catch (IOException e) {
        throw new FailedException("connection: it ended early");
      }
      return Optional.empty();
    } catch (InvalidTenantException e) {
      return Optional.of("base_url: " + e.getMessage());
    } catch (FailedException e) {
      return Optional.of(e.words());
    }
  }

  /** The addresses of its host, once and for all; every one is judged, whichever is used. */
  private List<InetAddress> addresses(ProviderEndpoint endpoint) throws FailedException {
    List<InetAddress> addresses;
    try {
      addresses =
          endpoint.isAddress()
              ? List.of(InetAddress.ofLiteral(endpoint.host()))
              : names.addressesOf(endpoint.host());
    } catch (UnknownHostException | IllegalArgumentException e) {
      throw new FailedException("name: it has no address");
    }
    if (!endpoint.mayLeadAnywhere() && addresses.stream().anyMatch(ProviderAddress::isInternal)) {
      throw new FailedException("address: it is not on the public Internet");
    }
    // As Envoy does: IPv4 first.
    return addresses.stream()
        .sorted(Comparator.comparing(address -> !(address instanceof Inet4Address)))
        .limit(ADDRESSES_TRIED_MAX)
        .toList();
  }

  private Socket connect(List<InetAddress> addresses, int port) throws FailedException {
    for (InetAddress address : addresses) {
      Socket socket = new Socket(Proxy.NO_PROXY);
      open = socket;
      if (closed) {
        closeQuietly(socket);
        break;
      }
      try {
        socket.connect(new InetSocketAddress(address, port), CONNECT_TIMEOUT_MILLIS);
        return socket;
      } catch (IOException e) {
        closeQuietly(socket);
      }
    }
    throw new FailedException("connection: none can be made");
  }

  private SSLSocket secure(Socket plain, ProviderEndpoint endpoint) throws FailedException {
    try {
      SSLSocket socket =
          (SSLSocket)
              trust()
                  .getSocketFactory()
                  .createSocket(plain, endpoint.host(), endpoint.port(), /* autoClose= */ true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setApplicationProtocols(new String[] {"http/1.1"});
      if (!endpoint.isAddress()) {
        parameters.setServerNames(List.of(new SNIHostName(endpoint.host())));
      }
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (SSLException e) {
      throw new FailedException(
          isOfCertificate(e)
              ? "TLS: its certificate is not trusted, has ended, or is of another name"
              : "TLS: the handshake failed");
    } catch (IOException e) {
      throw new FailedException("TLS: the connection ended during the handshake");
    } catch (GeneralSecurityException e) {
      throw new FailedException("TLS: the certificate authorities cannot be read");
    }
  }

  private static boolean isOfCertificate(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }

  private SSLContext trust() throws GeneralSecurityException, IOException {
    KeyStore authorities = null;
    if (Files.isReadable(caFile)) {
      authorities = KeyStore.getInstance(KeyStore.getDefaultType());
      authorities.load(null, null);
      try (InputStream pem = Files.newInputStream(caFile)) {
        int count = 0;
        for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
          authorities.setCertificateEntry("ca-" + count++, one);
        }
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** The status; nothing after its line is read. */
  private static int answer(Socket socket, byte[] request) throws FailedException, IOException {
    OutputStream out = socket.getOutputStream();
    out.write(request);
    out.flush();
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next;
    while ((next = in.read()) >= 0 && next != '\n' && line.size() < STATUS_LINE_BYTES_MAX) {
      line.write(next);
    }
    Matcher status =
        STATUS_LINE.matcher(line.toString(StandardCharsets.ISO_8859_1).stripTrailing());
    if (!status.matches()) {
      throw new FailedException(
          line.size() == 0 ? "connection: it ended without an answer" : "answer: it is not HTTP");
    }
    return Integer.parseInt(status.group(1));
  }

  /** Ends it from another thread, wherever it is. */
  @Override
  public void close() {
    closed = true;
    Socket socket = open;
    if (socket != null) {
      closeQuietly(socket);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It was given up anyway.
    }
  }
}
