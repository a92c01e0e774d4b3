package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds the tables of {@code docs/metrics.md} to the meters in the sources of both servers, and
 * each of these to a description.
 */
class MetricsDocTest {
  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);

  /** A meter's making, to the end of the statement. */
  private static final Pattern METER =
      Pattern.compile(
          "(?:\\b(\\w+)\\s*\\.builder|\\.(\\w+))\\s*\\(\\s*\"(mantle[._][a-z_.]+)\"([^;]*);");

  private static final Pattern NAME = Pattern.compile("\"mantle[._][a-z_.]+\"");
  private static final Pattern TAG = Pattern.compile("\\.tag\\(\\s*\"(\\w+)\"");
  private static final Pattern PAIR = Pattern.compile(",\\s*\"(\\w+)\"\\s*,");
  private static final Pattern ROW =
      Pattern.compile("^\\| `(mantle_\\w+)` \\| (\\w+) \\|([^|]*)\\| \\S", Pattern.MULTILINE);

  private static final Pattern DESCRIPTION = Pattern.compile("\\.description\\(\\s*\"[^\"]");

  private record Meter(String name, String type, Set<String> labels) {
    @Override
    public String toString() {
      return "| `%s` | %s | %s |"
          .formatted(
              name,
              type,
              labels.stream().map(label -> "`" + label + "`").collect(Collectors.joining(", ")));
    }
  }

  @Test
  void extprocTable_everyMeter_isAsTheSourcesHaveIt() throws IOException {
    assertThat(documented("## The ext_proc server"))
        .containsExactlyInAnyOrderElementsOf(registered("extproc-server/src/main/java"));
  }

  @Test
  void controlPlaneTable_everyMeter_isAsTheSourcesHaveIt() throws IOException {
    assertThat(documented("## The control plane"))
        .containsExactlyInAnyOrderElementsOf(registered("xds-control-plane/src/main/java"));
  }

  @Test
  void libraries_haveNoMeters() throws IOException {
    for (String library : List.of("privacy", "deep", "vault")) {
      assertThat(registered(library + "/src/main/java")).as(library).isEmpty();
    }
  }

  private static List<Meter> documented(String heading) throws IOException {
    String doc = ProjectFiles.text("docs/metrics.md");
    int from = doc.indexOf(heading + "\n");
    assertThat(from).as(heading).isNotNegative();
    int to = doc.indexOf("\n## ", from + 1);
    return ROW.matcher(doc.substring(from, to < 0 ? doc.length() : to))
        .results()
        .map(
            row ->
                new Meter(
                    row.group(1),
                    row.group(2),
                    Pattern.compile("`(\\w+)`")
                        .matcher(row.group(3))
                        .results()
                        .map(label -> label.group(1))
                        .collect(Collectors.toCollection(TreeSet::new))))
        .toList();
  }

  private static List<Meter> registered(String sources) throws IOException {
    List<Meter> meters = new ArrayList<>();
    for (String file : ProjectFiles.below(sources, ".java")) {
      String code = COMMENT.matcher(ProjectFiles.text(file)).replaceAll("");
      if (code.contains("import io.micrometer.")) {
        List<Meter> found = METER.matcher(code).results().map(MetricsDocTest::meter).toList();
        assertThat(METER.matcher(code).results())
            .as("meters without a description, which is the HELP of the Prometheus text")
            .allMatch(call -> DESCRIPTION.matcher(call.group(4)).find());
        assertThat(NAME.matcher(code).results().count())
            .as("names in %s, of which this test understands %s", file, found)
            .isEqualTo(found.size());
        meters.addAll(found);
      }
    }
    return meters;
  }

  /** As the registry for Prometheus names it. */
  private static Meter meter(MatchResult call) {
    boolean built = call.group(1) != null;
    String name = call.group(3).replace('.', '_');
    Set<String> labels = new TreeSet<>();
    Matcher tags = (built ? TAG : PAIR).matcher(call.group(4));
    for (int at = 0; tags.find(at); at = tags.end() - (built ? 0 : 1)) {
      labels.add(tags.group(1));
    }
    return switch (built ? call.group(1) : call.group(2)) {
      case "Counter", "FunctionCounter", "counter" ->
          new Meter(name.endsWith("_total") ? name : name + "_total", "counter", labels);
      case "Gauge", "gauge" -> new Meter(name, "gauge", labels);
      case "Timer", "FunctionTimer", "timer" -> new Meter(name + "_seconds", "timer", labels);
      case "DistributionSummary", "summary" -> new Meter(name, "summary", labels);
      default -> throw new AssertionError("teach this test what " + call.group() + " makes");
    };
  }
}
