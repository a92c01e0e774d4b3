package io.mantle.controlplane.probe;

import io.mantle.controlplane.database.Secret;
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
 * One call of a provider, in straight steps: name, connection, TLS, answer.
 *
 * <p>It speaks HTTP/1.1 on a socket of its own. Java's HTTP client resolves the name again for
 * itself, and one that is given an address instead verifies the certificate for the address.
 */
final class ProviderCall implements AutoCloseable {
  private static final int ADDRESSES_TRIED_MAX = 4;
  private static final int CONNECT_TIMEOUT_MILLIS = 3_000;
  private static final int STATUS_LINE_BYTES_MAX = 1_024;

  /** RFC 9112, section 4; the reason phrase is the provider's and is not repeated. */
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-9][0-9]{2})( .*)?");

  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]*)");

  private final ProviderProbe.NameService names;
  private final Path caFile;
  private final String kind;
  private final String baseUrl;
  private final boolean privateAllowed;
  private final Optional<Secret> credential;
  private volatile String stage = "the start";
  private volatile boolean closed;
  private volatile @Nullable Socket open;

  ProviderCall(
      ProviderProbe.NameService names,
      Path caFile,
      String kind,
      String baseUrl,
      boolean privateAllowed,
      Optional<Secret> credential) {
    this.names = names;
    this.caFile = caFile;
    this.kind = kind;
    this.baseUrl = baseUrl;
    this.privateAllowed = privateAllowed;
    this.credential = credential;
  }

  /** What ended the call, in words that are safe to show. */
  private static final class FailedException extends Exception {
    private FailedException(String words) {
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
      ProviderEndpoint endpoint = ProviderEndpoint.parse(baseUrl);
      byte[] request = request(endpoint);
      stage = "the name";
      List<InetAddress> addresses = addresses(endpoint);
      stage = "the connection";
      try (Socket plain = connect(addresses, endpoint.port())) {
        if (endpoint.secure()) {
          stage = "TLS";
          try (Socket secured = secure(plain, endpoint)) {
            stage = "the answer";
            judge(answer(secured, request));
          }
        } else {
          stage = "the answer";
          judge(answer(plain, request));
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

  private byte[] request(ProviderEndpoint endpoint) throws FailedException {
    StringBuilder request =
        new StringBuilder("GET ")
            .append(endpoint.basePath())
            .append("/models HTTP/1.1\r\nhost: ")
            .append(endpoint.authority())
            .append("\r\naccept: application/json\r\nuser-agent: mantle\r\nconnection: close\r\n");
    boolean anthropic = kind.equals("anthropic");
    if (anthropic) {
      request.append("anthropic-version: 2023-06-01\r\n");
    }
    if (credential.isPresent()) {
      String value = new String(credential.get().reveal(), StandardCharsets.UTF_8);
      if (!HEADER_VALUE.matcher(value).matches()) {
        throw new FailedException("credential: it does not fit into a header");
      }
      request.append(anthropic ? "x-api-key: " : "authorization: Bearer ").append(value);
      request.append("\r\n");
    }
    return request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** The addresses of its host, once and for all; every one is judged, whichever is used. */
  private List<InetAddress> addresses(ProviderEndpoint endpoint)
      throws FailedException, InvalidTenantException {
    List<InetAddress> addresses;
    try {
      addresses =
          endpoint.isAddress()
              ? List.of(InetAddress.ofLiteral(endpoint.host()))
              : names.addressesOf(endpoint.host());
    } catch (UnknownHostException | IllegalArgumentException e) {
      throw new FailedException("name: it has no address");
    }
    if (!privateAllowed
        && !ProviderAddress.isInternal(baseUrl)
        && addresses.stream().anyMatch(ProviderAddress::isInternal)) {
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

  private static void judge(int status) throws FailedException {
    if (status == 200) {
      return;
    }
    throw new FailedException(
        status
            + switch (status / 100) {
              case 3 -> ": it redirects, which is not followed";
              case 5 -> ": the provider has a failure of its own";
              default ->
                  switch (status) {
                    case 401 -> ": the credential is not accepted";
                    case 403 -> ": the credential may not list models";
                    case 404 -> ": there is no list of models at base_url";
                    case 429 -> ": the provider limits the rate of requests";
                    default -> ": not the answer of a list of models";
                  };
            });
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
