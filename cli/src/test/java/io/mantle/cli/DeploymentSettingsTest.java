package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every variable that {@code compose/} and {@code k8s/} set is one that its server reads. */
class DeploymentSettingsTest {
  private static final String SECRETS = "/run/secrets/";
  private static final String NO_CORE = "ulimit -c 0";

  private enum Server {
    CONTROL_PLANE("control-plane", "k8s/base/control-plane.yaml") {
      @Override
      Set<String> settings() {
        return names(Arrays.stream(io.mantle.controlplane.Setting.values()));
      }
    },
    EXTPROC("extproc", "k8s/base/gateway.yaml") {
      @Override
      Set<String> settings() {
        return names(Arrays.stream(io.mantle.extproc.Setting.values()));
      }
    };

    private final String container;
    private final String file;

    Server(String container, String file) {
      this.container = container;
      this.file = file;
    }

    abstract Set<String> settings();

    JsonNode service() throws IOException {
      return ProjectFiles.yaml("compose/docker-compose.yml").path("services").path(container);
    }

    /** The pod's template with this server. */
    JsonNode pod() throws IOException {
      return ProjectFiles.documents(file).getFirst().path("spec").path("template").path("spec");
    }

    Map<String, String> inCompose() throws IOException {
      Map<String, String> values = new TreeMap<>();
      service()
          .path("environment")
          .properties()
          .forEach(variable -> values.put(variable.getKey(), variable.getValue().asText()));
      return values;
    }

    Map<String, String> inKubernetes() throws IOException {
      JsonNode container =
          ProjectFiles.objects(pod())
              .filter(node -> node.path("image").asText().equals("mantle/" + this.container))
              .findFirst()
              .orElseThrow();
      return container
          .path("env")
          .valueStream()
          .collect(
              Collectors.toMap(
                  variable -> variable.path("name").asText(),
                  variable -> variable.path("value").asText()));
    }

    /** What lies in the service's {@code /run/secrets}. */
    Set<String> secretsInCompose() throws IOException {
      return service()
          .path("secrets")
          .valueStream()
          .map(secret -> secret.isTextual() ? secret.asText() : secret.path("target").asText())
          .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(Stream<? extends Enum<?>> settings) {
      return settings.map(Enum::name).collect(Collectors.toSet());
    }
  }

  @Test
  void variables_ofEachServer_areItsSettings() throws IOException {
    for (Server server : Server.values()) {
      Set<String> set = new TreeSet<>(server.inCompose().keySet());
      server.secretsInCompose().stream()
          .filter(name -> name.startsWith("MANTLE_"))
          .forEach(set::add);
      set.addAll(server.inKubernetes().keySet());
      assertThat(server.settings()).as(server.container).containsAll(set);
    }
    JsonNode https = ProjectFiles.yaml("compose/tls.yml").path("services").path("control-plane");
    assertThat(Server.CONTROL_PLANE.settings())
        .containsAll(
            https.path("environment").properties().stream().map(Map.Entry::getKey).toList());
  }

  @Test
  void variables_inComposeAndKubernetes_areTheSame_butForHttpsToClients() throws IOException {
    for (Server server : Server.values()) {
      Set<String> differing = new HashSet<>(server.inCompose().keySet());
      differing.removeAll(server.inKubernetes().keySet());
      Set<String> more = new HashSet<>(server.inKubernetes().keySet());
      more.removeAll(server.inCompose().keySet());
      differing.addAll(more);
      assertThat(differing)
          .as(server.container)
          .allMatch(name -> name.startsWith("MANTLE_GATEWAY_"));
    }
  }

  @Test
  void usage_ofBothDeployments_isInAVolumeThatOutlivesTheContainer() throws IOException {
    for (Map<String, String> settings :
        List.of(Server.EXTPROC.inCompose(), Server.EXTPROC.inKubernetes())) {
      assertThat(settings.get("MANTLE_USAGE_SPOOL_DIR"))
          .startsWith(settings.get("MANTLE_DATA_DIR") + "/");
    }
    assertThat(ProjectFiles.texts(Server.EXTPROC.service().path("volumes")))
        .contains("extproc-data:" + Server.EXTPROC.inCompose().get("MANTLE_DATA_DIR"));
    assertThat(ProjectFiles.yaml("compose/docker-compose.yml").path("volumes").has("extproc-data"))
        .isTrue();
    JsonNode pod = Server.EXTPROC.pod();
    String folder = Server.EXTPROC.inKubernetes().get("MANTLE_DATA_DIR");
    String volume =
        ProjectFiles.objects(pod)
            .filter(mount -> mount.path("mountPath").asText().equals(folder))
            .map(mount -> mount.path("name").asText())
            .findFirst()
            .orElseThrow();
    assertThat(pod.path("volumes"))
        .filteredOn(each -> each.path("name").asText().equals(volume))
        .singleElement()
        .matches(each -> each.path("emptyDir").path("medium").isMissingNode(), "on disk");
  }

  @Test
  void logs_inContainers_areJson_andTracesGoToTheCollectorThatIsThere() throws IOException {
    for (Server server : Server.values()) {
      assertThat(server.inCompose()).containsEntry("MANTLE_LOG_FORMAT", "json");
      assertThat(server.inKubernetes()).containsEntry("MANTLE_LOG_FORMAT", "json");
    }
    JsonNode services = ProjectFiles.yaml("compose/observability.yml").path("services");
    JsonNode added = services.path("extproc").path("environment");
    assertThat(Server.EXTPROC.settings())
        .containsAll(added.properties().stream().map(Map.Entry::getKey).toList());
    URI collector = URI.create(added.path("OTEL_EXPORTER_OTLP_ENDPOINT").asText());
    assertThat(services.has(collector.getHost())).isTrue();
    assertThat(
            ProjectFiles.yaml("compose/otel/collector.yaml")
                .at("/receivers/otlp/protocols/http/endpoint")
                .asText())
        .endsWith(":" + collector.getPort());
    // The two meet in a network; ext_proc's is the gateway's.
    JsonNode gateway = ProjectFiles.yaml("compose/docker-compose.yml").path("services");
    assertThat(ProjectFiles.texts(services.path(collector.getHost()).path("networks")))
        .containsAnyElementsOf(ProjectFiles.texts(gateway.path("gateway").path("networks")));
  }

  @Test
  void secretFiles_thatVariablesName_areThere() throws IOException {
    String doc = ProjectFiles.text("docs/deployment.md");
    for (Server server : Server.values()) {
      assertThat(server.secretsInCompose()).containsAll(secrets(server.inCompose()));
      Set<String> mounted =
          ProjectFiles.objects(server.pod().path("volumes"))
              .filter(item -> item.has("key"))
              .map(item -> item.path("path").asText())
              .collect(Collectors.toSet());
      // Whole Secrets are mounted too; the page lists their keys.
      assertThat(secrets(server.inKubernetes()))
          .allMatch(
              name ->
                  mounted.contains(name)
                      || doc.contains("`" + name + "`")
                      || name.startsWith("gateway_")); // Envoy's
    }
  }

  @Test
  void images_runTheServers_withTheLaunchersFlags_andKeepNoMemoryOnDisk() throws IOException {
    String dockerfile = ProjectFiles.text("compose/Dockerfile");
    List<String> launched = Services.java("Main");
    assertThat(launched.stream().filter(flag -> flag.startsWith("--")))
        .isNotEmpty()
        .allMatch(dockerfile::contains);
    assertThat(dockerfile)
        .contains("CMD [\"" + io.mantle.extproc.ExtProcServer.class.getName() + "\"]")
        .contains("CMD [\"" + io.mantle.controlplane.ControlPlane.class.getName() + "\"]")
        .contains(PrivateMemory.JVM_FLAGS);
    assertThat(ProjectFiles.text("mantle")).contains(PrivateMemory.JVM_FLAGS).contains(NO_CORE);
    assertThat(ProjectFiles.text("compose/start")).contains(NO_CORE);
    ProjectFiles.yaml("compose/docker-compose.yml")
        .path("services")
        .forEach(
            service -> {
              assertThat(service.path("ulimits").path("core").asInt(-1)).isZero();
              assertThat(service.path("read_only").asBoolean()).isTrue();
              assertThat(service.path("user").asText(dockerfile)).doesNotStartWith("0");
            });
    // Those with an image are its own; the others add to a service of docker-compose.yml.
    assertThat(ProjectFiles.yaml("compose/observability.yml").path("services"))
        .filteredOn(service -> service.has("image"))
        .isNotEmpty()
        .allMatch(service -> service.path("ulimits").path("core").asInt(-1) == 0);
  }

  @Test
  void envoys_inKubernetesAndCompose_keepNoMemoryOnDisk_andLogAtInfo() throws IOException {
    JsonNode container =
        ProjectFiles.objects(Server.EXTPROC.pod())
            .filter(node -> node.path("name").asText().equals("envoy") && node.has("image"))
            .findFirst()
            .orElseThrow();
    assertThat(container.path("command").toString()).contains(NO_CORE);
    JsonNode service =
        ProjectFiles.yaml("compose/docker-compose.yml").path("services").path("envoy");
    // Below info Envoy writes the heads of requests, keys and query strings included.
    assertThat(container.path("args").toString() + service.path("command"))
        .doesNotContain("log-level", "\"-l\"");
  }

  private static Set<String> secrets(Map<String, String> variables) {
    return variables.values().stream()
        .filter(value -> value.startsWith(SECRETS))
        .map(value -> value.substring(SECRETS.length()))
        .collect(Collectors.toSet());
  }
}
