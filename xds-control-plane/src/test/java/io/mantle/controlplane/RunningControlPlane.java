package io.mantle.controlplane;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.mantle.testing.ApiContract;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A control plane in this JVM, on free ports. */
public final class RunningControlPlane implements AutoCloseable {
  public static final String TOKEN = "a-token-for-tests-0123456789";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final ControlPlane controlPlane;

  private RunningControlPlane(ControlPlane controlPlane) {
    this.controlPlane = controlPlane;
  }

  /**
   * Starts one.
   *
   * @param environment what differs from the settings of a test
   */
  public static RunningControlPlane start(Path directory, Map<String, String> environment)
      throws IOException, InterruptedException {
    Files.writeString(directory.resolve("token"), TOKEN);
    Map<String, String> settings = new HashMap<>();
    settings.put("MANTLE_DATA_DIR", directory.toString());
    settings.put("MANTLE_ADMIN_LISTEN", "127.0.0.1:0");
    settings.put("MANTLE_XDS_LISTEN", "127.0.0.1:0");
    settings.put("MANTLE_ADMIN_TOKEN_FILE", directory.resolve("token").toString());
    settings.putAll(environment);
    return new RunningControlPlane(ControlPlane.start(Settings.of(settings)));
  }

  ControlPlane controlPlane() {
    return controlPlane;
  }

  /** A connection as a sidecar has it, for the caller to shut down. */
  public ManagedChannel sidecarChannel() {
    if (!(controlPlane.xdsAddress() instanceof Address.Tcp tcp)) {
      throw new AssertionError("no TCP port");
    }
    return NettyChannelBuilder.forAddress(tcp.host(), tcp.port()).usePlaintext().build();
  }

  Address xdsAddress() {
    return controlPlane.xdsAddress();
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return ask("GET", path, TOKEN, "");
  }

  HttpResponse<String> put(String path, String body, String... headers)
      throws IOException, InterruptedException {
    return ask("PUT", path, TOKEN, body, headers);
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return ask("POST", path, TOKEN, body);
  }

  HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return ask("DELETE", path, TOKEN, "");
  }

  /**
   * Sends what is asked, and holds what is answered to the OpenAPI document.
   *
   * @param token empty for none
   * @param body empty for none
   */
  public HttpResponse<String> ask(
      String verb, String path, String token, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(adminUri(path))
            .method(
                verb,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    OpenApi.CONTRACT.check(verb, path, body, ApiContract.Answer.of(answer));
    return answer;
  }

  HttpResponse<String> getWithoutToken(String path) throws IOException, InterruptedException {
    return ask("GET", path, "", "");
  }

  /** Of the admin port. */
  public URI adminUri(String path) {
    return URI.create("http://127.0.0.1:" + controlPlane.adminPort() + path);
  }

  @Override
  public void close() {
    controlPlane.close();
  }
}
