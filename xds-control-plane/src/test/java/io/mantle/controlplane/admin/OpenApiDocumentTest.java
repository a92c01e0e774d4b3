package io.mantle.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mantle.controlplane.OpenApi;
import io.mantle.testing.ApiContract;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/openapi.yaml} to the table of operations, both ways. */
final class OpenApiDocumentTest {
  private static final ApiContract DOCUMENT = OpenApi.CONTRACT;

  @Test
  void operation_eachOne_isDocumentedWithWhoMayAsk() {
    assertThat(Operation.values())
        .allSatisfy(
            operation -> {
              String verb = operation.verb().name().toLowerCase(Locale.ROOT);
              JsonNode documented =
                  DOCUMENT.document().path("paths").path(operation.route()).path(verb);
              assertThat(documented.isObject())
                  .as(
                      "%s is not in docs/openapi.yaml: add under paths%n  %s:%n    %s: {tags: [...],"
                          + " summary: ..., responses: {...}}%nwith all that it answers; its"
                          + " neighbours there show how",
                      operation, operation.route(), verb)
                  .isTrue();
              assertThat(isOpen(documented))
                  .as(
                      "%s in docs/openapi.yaml: 'security: [{}]' stands where no token is needed,"
                          + " and nowhere else",
                      operation)
                  .isEqualTo(operation.isOpen());
            });
  }

  @Test
  void documentedPath_eachOfTheAdminApi_isAnOperation() {
    List<String> operations =
        Arrays.stream(Operation.values())
            .map(operation -> operation.verb() + " " + operation.route())
            .toList();
    List<String> documented =
        DOCUMENT.verbsByPath().entrySet().stream()
            .filter(path -> path.getKey().startsWith(Operation.PREFIX))
            .flatMap(OpenApiDocumentTest::each)
            .toList();

    assertThat(documented)
        .as("docs/openapi.yaml has what admin.Operation has not: take it out, or build it")
        .allSatisfy(path -> assertThat(operations).contains(path));
  }

  @Test
  void reference_eachOne_leadsSomewhere() {
    assertThat(DOCUMENT.document().findValuesAsText("$ref"))
        .isNotEmpty()
        .allSatisfy(
            reference ->
                assertThat(DOCUMENT.document().at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse());
  }

  private static boolean isOpen(JsonNode operation) {
    for (JsonNode way : operation.path("security")) {
      if (way.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static Stream<String> each(Map.Entry<String, Set<String>> path) {
    return path.getValue().stream()
        .map(verb -> verb.toUpperCase(Locale.ROOT) + " " + path.getKey());
  }
}
