package io.mantle.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.mantle.vault.keys.LocalKeyset;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code compose/} and {@code k8s/} without an engine: by the schemas of what reads them, and by
 * running what runs alone. What needs a tool that is not here is skipped and says so.
 */
final class DeploymentFilesIT {
  private static final int TOOL_SECONDS_MAX = 60;
  private static final PythonVenv TOOLS =
      new PythonVenv(
          "what checks compose/ and k8s/ (about 100 MB, once)",
          "deployment-tools",
          "deployment-requirements.txt");

  @TempDir Path folder;

  @Test
  void composeFiles_byTheComposeSpecification_areValid() throws Exception {
    accepts(
        python("check-jsonschema", "--builtin-schema", "vendor.compose-spec")
            .with("compose/docker-compose.yml", "compose/observability.yml", "compose/tls.yml"));
  }

  @Test
  void composeFiles_byDockerItself_areValid() throws Exception {
    assumeTrue(Tool.of("docker", "compose", "version").runs(TOOL_SECONDS_MAX), "no docker compose");
    Path pem = Files.createFile(folder.resolve("pem"));
    Tool config =
        Tool.of("env", "GATEWAY_CERT=" + pem, "GATEWAY_KEY=" + pem, "docker", "compose")
            .with("-f", "compose/docker-compose.yml", "-f", "compose/observability.yml")
            .with("-f", "compose/tls.yml", "config", "--quiet");
    accepts(config);
  }

  @Test
  void kubernetesFiles_byKubernetesSchemas_areValid() throws Exception {
    List<String> files =
        ProjectFiles.below("k8s/base", ".yaml").stream()
            .filter(file -> !file.endsWith("kustomization.yaml") && !file.endsWith("envoy.yaml"))
            .toList();
    accepts(python("kubernetes-validate", "--strict").with(files.toArray(String[]::new)));
  }

  @Test
  void kustomization_byKubectl_isBuilt() throws Exception {
    assumeTrue(Tool.of("kubectl", "version", "--client").runs(TOOL_SECONDS_MAX), "no kubectl");
    accepts(Tool.of("kubectl", "kustomize", "k8s/base"));
  }

  @Test
  void dockerfile_byHadolint_hasNothingToMend() throws Exception {
    accepts(python("hadolint", "compose/Dockerfile"));
  }

  @Test
  void rulesAndDashboards_byPromtool_areValidAndDoAsTheirTestsSay() throws Exception {
    assumeTrue(
        Tool.of("promtool", "--version").runs(TOOL_SECONDS_MAX),
        "no promtool (Debian's package prometheus has it)");
    accepts(Tool.of("promtool", "test", "rules", "compose/prometheus/alerts.test.yml"));
    accepts(
        Tool.of(
            "promtool", "check", "config", "--syntax-only", "compose/prometheus/prometheus.yml"));
    List<Map<String, String>> rules =
        ObservabilityFilesTest.expressions().stream()
            .distinct()
            .map(expression -> Map.of("record", "expression", "expr", expression))
            .toList();
    Path file = folder.resolve("expressions.yml");
    new ObjectMapper() // JSON is YAML
        .writeValue(
            file.toFile(), Map.of("groups", List.of(Map.of("name", "all", "rules", rules))));
    accepts(Tool.of("promtool", "check", "rules", "--lint=none", file.toString()));
  }

  @Test
  void envoyBootstrap_byEnvoy_isAccepted() throws Exception {
    Path envoy;
    try {
      envoy = EnvoyBinary.locate(ProjectRoot.path().resolve(".mantle"), Progress.to(System.err));
    } catch (LaunchException e) {
      abort("no Envoy: " + e.getMessage());
      return;
    }
    accepts(
        Tool.of(envoy.toString(), "--mode", "validate", "--config-path", "k8s/base/envoy.yaml")
            .with("--service-cluster", "mantle", "--service-node", "it"));
  }

  @Test
  void secrets_madeTwice_stayAndAreWhatTheServersRead() throws Exception {
    assumeTrue(Tool.of("openssl", "version").runs(TOOL_SECONDS_MAX), "no openssl");
    Path secrets = folder.resolve("secrets");
    Tool script =
        Tool.of(ProjectFiles.path("compose/make-secrets.sh").toString(), secrets.toString());

    accepts(script);
    Map<String, String> made = contents(secrets);
    accepts(script);

    assertThat(contents(secrets)).isEqualTo(made);
    ProjectFiles.yaml("compose/docker-compose.yml")
        .path("secrets")
        .fieldNames()
        .forEachRemaining(name -> assertThat(made).containsKey(name));
    LocalKeyset.parse(made.getOrDefault("master_keyset", ""));
    LocalKeyset.parse(made.getOrDefault("master_key", ""));
    X509Certificate authority = certificate(secrets.resolve("ca"));
    for (String name : List.of("control_plane_cert", "extproc_cert")) {
      X509Certificate certificate = certificate(secrets.resolve(name));
      certificate.verify(authority.getPublicKey());
      assertThat(certificate.getBasicConstraints()).as("is no authority").isEqualTo(-1);
    }
    assertThat(Files.getPosixFilePermissions(secrets)).hasSize(3);
  }

  @Test
  void healthy_ofAServer_isWhetherItAnswers200() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/ready", exchange -> exchange.sendResponseHeaders(200, -1));
    server.createContext("/starting", exchange -> exchange.sendResponseHeaders(503, -1));
    server.start();
    String port = Integer.toString(server.getAddress().getPort());
    String healthy = ProjectFiles.path("compose/healthy").toString();
    try {
      assertThat(Tool.of(healthy, port, "/ready").runs(TOOL_SECONDS_MAX)).isTrue();
      assertThat(Tool.of(healthy, port, "/starting").runs(TOOL_SECONDS_MAX)).isFalse();
    } finally {
      server.stop(0);
    }
    assertThat(Tool.of(healthy, port, "/ready").runs(TOOL_SECONDS_MAX)).isFalse();
  }

  /** A program of the pinned Python packages. */
  private static Tool python(String program, String... arguments) throws Exception {
    Path python =
        TOOLS
            .locate(ProjectRoot.path().resolve(".mantle"), Progress.to(System.err))
            .orElseGet(() -> abort("the Python packages could not be installed"));
    return Tool.of(python.resolveSibling(program).toString()).with(arguments);
  }

  /** Runs it in the project's root. */
  private void accepts(Tool tool) throws Exception {
    Process process =
        new ProcessBuilder(tool.command())
            .directory(ProjectRoot.path().toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    boolean ended = process.waitFor(TOOL_SECONDS_MAX, SECONDS);
    process.destroyForcibly();
    String said = Files.readString(folder.resolve("said"));
    assertThat(ended).as("%s ended: %s", tool.command(), said).isTrue();
    assertThat(process.exitValue()).as("%s: %s", tool.command(), said).isZero();
  }

  private static Map<String, String> contents(Path secrets) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(secrets)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return contents;
  }

  private static X509Certificate certificate(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }
}
