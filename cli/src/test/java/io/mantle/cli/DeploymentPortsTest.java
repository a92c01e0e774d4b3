package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The ports, sockets and paths of {@code compose/} and {@code k8s/} meet: what one side listens on
 * is what the other side, the probes and Prometheus ask for.
 */
class DeploymentPortsTest {
  private static final String COMPOSE = "compose/docker-compose.yml";
  private static final String ENVOY = "k8s/base/envoy.yaml";

  @Test
  void sockets_ofEnvoyAndTheServers_areTheSame() throws IOException {
    Map<String, String> ads = endpoints();
    for (Map<String, String> settings : List.of(composeSettings(), kubernetesSettings())) {
      assertThat(ads).containsEntry("ads", settings.get("extproc MANTLE_ADS_SOCKET"));
      assertThat(settings.get("control-plane MANTLE_EXTPROC_SOCKET"))
          .isEqualTo(settings.get("extproc MANTLE_EXTPROC_SOCKET"));
    }
  }

  @Test
  void ports_ofServersAndWhoAsksThem_areTheSame() throws IOException {
    int status = listenerPort();
    int envoyAdmin = port(ProjectFiles.yaml(ENVOY).path("admin"));
    for (Map<String, String> settings : List.of(composeSettings(), kubernetesSettings())) {
      String xds = afterColon(settings.get("control-plane MANTLE_XDS_LISTEN"));
      assertThat(afterColon(settings.get("extproc MANTLE_CONTROL_PLANE"))).isEqualTo(xds);
      assertThat(endpoints())
          .containsEntry(
              "status_extproc", afterColon(settings.get("extproc MANTLE_EXTPROC_ADMIN_LISTEN")))
          .containsEntry("status_envoy", Integer.toString(envoyAdmin));
    }

    JsonNode services = ProjectFiles.yaml(COMPOSE).path("services");
    Map<String, String> settings = composeSettings();
    assertThat(published(services.path("control-plane")))
        .containsExactly(afterColon(settings.get("control-plane MANTLE_ADMIN_LISTEN")));
    assertThat(published(services.path("gateway")))
        .containsExactly(afterColon(settings.get("control-plane MANTLE_GATEWAY_LISTEN")));
    services.forEach(
        service ->
            service
                .path("ports")
                .forEach(port -> assertThat(port.asText()).startsWith("${LISTEN:-127.0.0.1}:")));

    Set<String> known =
        Set.of(
            Integer.toString(status),
            Integer.toString(envoyAdmin),
            afterColon(settings.get("control-plane MANTLE_ADMIN_LISTEN")),
            afterColon(settings.get("control-plane MANTLE_XDS_LISTEN")),
            afterColon(settings.get("control-plane MANTLE_GATEWAY_LISTEN")),
            afterColon(settings.get("extproc MANTLE_EXTPROC_ADMIN_LISTEN")));
    for (String file : List.of("k8s/base/gateway.yaml", "k8s/base/control-plane.yaml")) {
      for (JsonNode document : ProjectFiles.documents(file)) {
        ProjectFiles.objects(document)
            .filter(node -> node.has("containerPort"))
            .forEach(node -> assertThat(known).contains(node.path("containerPort").asText()));
        ProjectFiles.objects(document)
            .filter(node -> node.path("command").path(0).asText().equals("healthy"))
            .forEach(node -> assertThat(known).contains(node.path("command").path(1).asText()));
      }
    }
  }

  @Test
  void portNames_ofProbesAndServices_areContainersPorts() throws IOException {
    for (String file : List.of("k8s/base/gateway.yaml", "k8s/base/control-plane.yaml")) {
      List<JsonNode> documents = ProjectFiles.documents(file);
      Set<String> names =
          documents.stream()
              .flatMap(ProjectFiles::objects)
              .filter(node -> node.has("containerPort"))
              .map(node -> node.path("name").asText())
              .collect(Collectors.toSet());
      documents.stream()
          .flatMap(ProjectFiles::objects)
          .flatMap(node -> List.of(node.path("targetPort"), node.path("port")).stream())
          .filter(JsonNode::isTextual)
          .forEach(name -> assertThat(names).contains(name.asText()));
    }
  }

  @Test
  void paths_thatPrometheusAndProbesAsk_areServed() throws IOException {
    Set<String> served =
        ProjectFiles.objects(ProjectFiles.yaml(ENVOY))
            .filter(node -> node.path("match").has("path"))
            .map(node -> node.path("match").path("path").asText())
            .collect(Collectors.toSet());
    JsonNode prometheus = ProjectFiles.yaml("compose/prometheus/prometheus.yml");
    for (JsonNode job : prometheus.path("scrape_configs")) {
      String target = job.path("static_configs").path(0).path("targets").path(0).asText();
      String path = job.path("metrics_path").asText("/metrics");
      switch (target) {
        case "gateway:9464" -> assertThat(served).contains(path);
        case "control-plane:8081" -> assertThat(controlPlane()).contains("\"" + path + "\"");
        default -> assertThat(target).isEqualTo("localhost:9090");
      }
    }
    for (JsonNode document : ProjectFiles.documents("k8s/base/gateway.yaml")) {
      ProjectFiles.objects(document)
          .filter(node -> node.has("httpGet"))
          .map(node -> node.path("httpGet").path("path").asText())
          .forEach(path -> assertThat(served).contains(path));
      ProjectFiles.objects(document)
          .filter(node -> node.path("command").path(0).asText().equals("healthy"))
          .map(node -> node.path("command").path(2).asText())
          .forEach(path -> assertThat(extproc()).contains("\"" + path + "\""));
    }
    ProjectFiles.objects(ProjectFiles.documents("k8s/base/control-plane.yaml").getFirst())
        .filter(node -> node.has("httpGet"))
        .map(node -> node.path("httpGet").path("path").asText())
        .forEach(path -> assertThat(controlPlane()).contains("\"" + path + "\""));
    assertThat(served).contains("/metrics", "/ready");
    assertThat(extproc()).contains("\"/metrics\"", "\"/ready\"");
  }

  @Test
  void buildContext_holdsWhatModulesTakeFromElsewhere() throws IOException {
    String ignored = ProjectFiles.text(".dockerignore");
    assertThat(ProjectFiles.text("xds-control-plane/pom.xml"))
        .contains("<directory>${project.basedir}/../envoy</directory>")
        .contains("<include>answer_guard.lua</include>");
    assertThat(ignored).contains("\n!envoy/answer_guard.lua\n", "\n!compose/start\n");
  }

  /** Where Envoy's static clusters lead: a socket's path, or a port. */
  private static Map<String, String> endpoints() throws IOException {
    return ProjectFiles.yaml(ENVOY)
        .path("static_resources")
        .path("clusters")
        .valueStream()
        .collect(
            Collectors.toMap(
                cluster -> cluster.path("name").asText(),
                cluster ->
                    ProjectFiles.objects(cluster)
                        .filter(node -> node.has("pipe") || node.has("socket_address"))
                        .map(
                            node ->
                                node.has("pipe")
                                    ? node.path("pipe").path("path").asText()
                                    : node.path("socket_address").path("port_value").asText())
                        .findFirst()
                        .orElseThrow()));
  }

  private static int listenerPort() throws IOException {
    return port(ProjectFiles.yaml(ENVOY).path("static_resources").path("listeners"));
  }

  private static int port(JsonNode within) {
    return ProjectFiles.objects(within)
        .filter(node -> node.has("port_value"))
        .mapToInt(node -> node.path("port_value").asInt())
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> composeSettings() throws IOException {
    JsonNode services = ProjectFiles.yaml(COMPOSE).path("services");
    return List.of("control-plane", "extproc").stream()
        .flatMap(
            name ->
                services.path(name).path("environment").properties().stream()
                    .map(entry -> Map.entry(name + " " + entry.getKey(), entry.getValue())))
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().asText()));
  }

  private static Map<String, String> kubernetesSettings() throws IOException {
    return List.of("k8s/base/control-plane.yaml", "k8s/base/gateway.yaml").stream()
        .map(DeploymentPortsTest::deployment)
        .flatMap(ProjectFiles::objects)
        .filter(node -> node.path("image").asText().startsWith("mantle/"))
        .flatMap(
            container ->
                container
                    .path("env")
                    .valueStream()
                    .map(
                        variable ->
                            Map.entry(
                                container.path("name").asText()
                                    + " "
                                    + variable.path("name").asText(),
                                variable.path("value").asText())))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static JsonNode deployment(String file) {
    try {
      return ProjectFiles.documents(file).getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> published(JsonNode service) {
    return ProjectFiles.texts(service.path("ports")).stream()
        .map(DeploymentPortsTest::afterColon)
        .toList();
  }

  private static String afterColon(@Nullable String address) {
    String text = Objects.requireNonNull(address, "a setting is missing");
    return text.substring(text.lastIndexOf(':') + 1);
  }

  private static String controlPlane() {
    return source("xds-control-plane/src/main/java/io/mantle/controlplane/admin/AdminServer.java");
  }

  private static String extproc() {
    return source("extproc-server/src/main/java/io/mantle/extproc/Metrics.java");
  }

  private static String source(String file) {
    try {
      return ProjectFiles.text(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
