package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Dashboards, alerts and runbooks speak of what there is, and of each other. */
class ObservabilityFilesTest {
  static final String ALERTS = "compose/prometheus/alerts.yml";
  private static final String DASHBOARDS = "compose/grafana/dashboards";
  private static final Pattern ROW =
      Pattern.compile("^\\| `((?:mantle|envoy)_\\w+)` \\| (\\w+) \\|", Pattern.MULTILINE);

  /** What names no metric: strings, matchers, ranges, and the labels of a grouping. */
  private static final Pattern NO_METRIC =
      Pattern.compile(
          "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]"
              + "|\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");

  /** A word that is no function. */
  private static final Pattern WORD = Pattern.compile("\\b([a-zA-Z_]\\w*)\\b(?!\\s*\\()");

  private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "offset", "bool");

  @Test
  void expressions_everyMetric_isDocumented() throws IOException {
    Set<String> documented = documented();
    for (String expression : expressions()) {
      assertThat(metrics(expression)).as(expression).isNotEmpty().isSubsetOf(documented);
    }
  }

  @Test
  void envoysMetrics_thatAreDocumented_areUsed() throws IOException {
    String used = String.join("\n", expressions());
    ROW.matcher(ProjectFiles.text("docs/metrics.md"))
        .results()
        .map(row -> row.group(1))
        .filter(name -> name.startsWith("envoy_"))
        .forEach(name -> assertThat(used).contains(name));
  }

  @Test
  void dashboards_theFour_haveIdsPanelsAndTargets() throws IOException {
    Set<String> ids = new HashSet<>();
    for (String file : ProjectFiles.below(DASHBOARDS, ".json")) {
      JsonNode dashboard = ProjectFiles.json(file);
      ids.add(dashboard.path("uid").asText());
      List<Integer> panels =
          dashboard.path("panels").valueStream().map(panel -> panel.path("id").asInt()).toList();
      assertThat(panels).as(file).isNotEmpty().doesNotHaveDuplicates();
      dashboard
          .path("panels")
          .forEach(
              panel ->
                  assertThat(panel.path("targets").size())
                      .as("%s: %s", file, panel.path("title"))
                      .isPositive());
    }
    assertThat(ids)
        .containsExactlyInAnyOrder(
            "mantle-gateway", "mantle-privacy", "mantle-tenants", "mantle-control-plane");
  }

  @Test
  void alerts_each_haveARunbookThatTheyLinkTo_andATest() throws IOException {
    Set<String> sections =
        Pattern.compile("^## (\\w+)$", Pattern.MULTILINE)
            .matcher(ProjectFiles.text("docs/runbooks.md"))
            .results()
            .map(section -> section.group(1))
            .collect(Collectors.toSet());
    JsonNode tests = ProjectFiles.yaml("compose/prometheus/alerts.test.yml");
    Set<String> firing =
        ProjectFiles.objects(tests)
            .filter(test -> test.has("exp_alerts"))
            .map(test -> test.path("alertname").asText())
            .collect(Collectors.toSet());
    Set<String> names = new HashSet<>();
    for (JsonNode alert : alerts()) {
      String name = alert.path("alert").asText();
      names.add(name);
      assertThat(alert.path("annotations").path("runbook_url").asText())
          .isEqualTo("docs/runbooks.md#" + name.toLowerCase(Locale.ROOT));
      assertThat(alert.path("labels").path("severity").asText()).isIn("critical", "warning");
    }
    assertThat(sections).isEqualTo(names);
    assertThat(firing).isEqualTo(names);
  }

  @Test
  void tagOfEndpoints_inEveryConfigurationOfEnvoy_isTheSame() throws IOException {
    Set<String> tags = new HashSet<>();
    for (String file :
        List.of("envoy/bootstrap.yaml", "envoy/static-example.yaml", "k8s/base/envoy.yaml")) {
      // As text: the launcher's is a template and no YAML yet.
      ProjectFiles.text(file).lines().filter(line -> line.contains("regex: ")).forEach(tags::add);
    }
    assertThat(tags).hasSize(1);
  }

  /** Every PromQL expression of dashboards and alerts; Grafana's variable as it would be filled. */
  static List<String> expressions() throws IOException {
    List<String> expressions = new ArrayList<>();
    for (String file : ProjectFiles.below(DASHBOARDS, ".json")) {
      ProjectFiles.objects(ProjectFiles.json(file))
          .filter(target -> target.has("expr"))
          .filter(target -> target.path("datasource").path("type").asText().equals("prometheus"))
          .map(target -> target.path("expr").asText().replace("$__rate_interval", "5m"))
          .forEach(expressions::add);
    }
    alerts().forEach(alert -> expressions.add(alert.path("expr").asText()));
    return expressions;
  }

  private static List<JsonNode> alerts() throws IOException {
    return ProjectFiles.objects(ProjectFiles.yaml(ALERTS))
        .filter(rule -> rule.has("alert"))
        .toList();
  }

  private static Set<String> metrics(String expression) {
    return WORD.matcher(NO_METRIC.matcher(expression).replaceAll(" "))
        .results()
        .map(word -> word.group(1))
        .filter(word -> !OPERATORS.contains(word))
        .collect(Collectors.toSet());
  }

  private static Set<String> documented() throws IOException {
    Set<String> names =
        ROW.matcher(ProjectFiles.text("docs/metrics.md"))
            .results()
            .flatMap(
                row ->
                    switch (row.group(2)) {
                      case "timer" ->
                          Stream.of("", "_count", "_sum", "_max").map(row.group(1)::concat);
                      case "histogram" ->
                          Stream.of("_bucket", "_count", "_sum").map(row.group(1)::concat);
                      default -> Stream.of(row.group(1));
                    })
            .collect(Collectors.toCollection(HashSet::new));
    names.add("up"); // Prometheus's own
    return names;
  }
}
