package io.mantle.controlplane;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A provider on loopback that answers each connection with the same bytes and keeps what it got.
 */
public final class ScriptedProvider implements AutoCloseable {
  private static final String PASSWORD = "changeit";

  private final ServerSocket listener;
  private final String answer;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> serverNames = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();

  private ScriptedProvider(ServerSocket listener, String answer) {
    this.listener = listener;
    this.answer = answer;
    Thread.ofVirtual().start(this::accept);
  }

  /**
   * One that speaks plain HTTP.
   *
   * @param answer empty to answer never
   */
  public static ScriptedProvider plain(String answer) throws IOException {
    return new ScriptedProvider(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), answer);
  }

  /** One that speaks TLS, with a key of {@link #makeKey}. */
  public static ScriptedProvider secure(Path directory, String answer)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve("key.p12"))) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return new ScriptedProvider(
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
        answer);
  }

  /** Makes a key with a certificate for a name that it signs itself; the certificate's file. */
  public static Path makeKey(Path directory, String subjectAltName)
      throws IOException, InterruptedException {
    Path certificate = directory.resolve("certificate.pem");
    String store = directory.resolve("key.p12").toString();
    keytool(
        "-genkeypair",
        "-keyalg",
        "EC",
        "-dname",
        "CN=scripted",
        "-keystore",
        store,
        "-storetype",
        "PKCS12",
        "-storepass",
        PASSWORD,
        "-ext",
        "san=" + subjectAltName);
    keytool(
        "-exportcert",
        "-rfc",
        "-keystore",
        store,
        "-storepass",
        PASSWORD,
        "-file",
        certificate.toString());
    return certificate;
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("keytool failed");
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** The heads of the requests that came. */
  public List<String> requests() {
    return requests;
  }

  /** The names that TLS clients asked for. */
  public List<String> serverNames() {
    return serverNames;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try {
      if (socket instanceof SSLSocket secure) {
        secure.startHandshake();
        if (secure.getSession() instanceof ExtendedSSLSession session) {
          session.getRequestedServerNames().forEach(name -> serverNames.add(name.toString()));
        }
      }
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      int next;
      while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")
          && (next = socket.getInputStream().read()) >= 0) {
        head.write(next);
      }
      requests.add(head.toString(StandardCharsets.US_ASCII));
      if (!answer.isEmpty()) {
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        socket.close();
      }
    } catch (IOException e) {
      // The client left, or refused our certificate; tests look at what it said.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }
}
