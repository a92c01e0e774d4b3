package io.mantle.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mantle.cli.apply.Declaration.Credential;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MantleFileTest {
  private static final String SECRET = "sk-very-secret-0123456789";

  @Test
  void file_thatIsWhole_isRead() throws Exception {
    Declaration.Tenant tenant =
        read("""
                tenants:
                  - id: acme
                    name: "Acme ${SUFFIX:-Inc}"
                    privacy: {preset: hipaa, actions: {PERSON: placeholder}}
                    providers:
                      - {name: a, base_url: "https://a.example.com", credential: "${SECRET}"}
                      - {name: b, base_url: "https://b.example.com", credential: null}
                      - {name: c, base_url: "https://c.example.com", accepts_stream_usage: false}
                    routes:
                      - {model_pattern: "*", providers: [b, a]}
                    keys: []
                """)
            .declaration()
            .tenants()
            .getFirst();

    assertThat(tenant.name()).isEqualTo("Acme Inc");
    assertThat(tenant.plan()).isEmpty();
    assertThat(tenant.keys()).contains(List.of());
    assertThat(tenant.privacy().orElseThrow().path("media").asText()).isEqualTo("refuse");
    assertThat(tenant.providers().orElseThrow())
        .extracting(Declaration.Provider::credential)
        .containsExactly(
            new Credential.Given(SECRET), new Credential.None(), new Credential.Unsaid());
    assertThat(tenant.providers().orElseThrow().getLast().acceptsStreamUsage()).isFalse();
    assertThat(tenant.routes().orElseThrow().getFirst().providers()).containsExactly("b", "a");
    assertThat(tenant.toString() + tenant.providers()).doesNotContain(SECRET);
  }

  @Test
  void section_leftOut_isNotAnEmptyOne() throws Exception {
    Declaration.Tenant tenant =
        read("tenants: [{id: a, name: A}]").declaration().tenants().getFirst();

    assertThat(List.of(tenant.keys(), tenant.providers(), tenant.routes(), tenant.privacy()))
        .containsOnly(Optional.empty());
  }

  @Test
  void file_withManyErrors_namesAllOfThemWithTheirPlaces() {
    assertThat(
            flaws(
                """
                tenants:
                  - id: ACME
                    plan: gold
                    providers:
                      - name: ${NOT_SET}
                        base_urls: x
                        models: one
                    nonsense: 1
                    limits: {requests_per_minute: 0}
                """))
        .containsExactly(
            "2:5: tenants[0].name: it is missing",
            "2:9: tenants[0].id: it does not match ^[a-z0-9-]{1,63}$",
            "3:11: tenants[0].plan: it is none of free, pro, enterprise",
            "5:9: tenants[0].providers[0].base_url: it is missing",
            "5:15: tenants[0].providers[0].name: the environment variable NOT_SET is not set",
            "6:9: tenants[0].providers[0].base_urls: there is no such field; there are"
                + " name, kind, base_url, models, credential, accepts_stream_usage,"
                + " allow_private_addresses",
            "7:17: tenants[0].providers[0].models: it has to be of type array",
            "8:5: tenants[0].nonsense: there is no such field; there are"
                + " id, name, plan, privacy, providers, routes, keys, limits, prices, budget,"
                + " cors_origins",
            "9:35: tenants[0].limits.requests_per_minute: it is out of range, which ends at 1");
  }

  @Test
  void file_withWrongMeaning_namesAllOfItWithItsPlaces() {
    assertThat(
            flaws(
                """
                tenants:
                  - id: a
                    name: A
                    providers:
                      - {name: p, base_url: "ftp://x"}
                      - {name: p, base_url: "https://x.example.com"}
                    privacy:
                      recognizers:
                        - name: badge
                          type: NATIONAL_ID
                          patterns: ["("]
                          samples: {positive: [x], negative: [y]}
                  - {id: a, name: B}
                """))
        .satisfiesExactly(
            url -> assertThat(url).startsWith("5:29: tenants[0].providers[0].base_url: "),
            name ->
                assertThat(name)
                    .isEqualTo(
                        "6:16: tenants[0].providers[1].name: another entry above has it too"),
            pattern ->
                assertThat(pattern)
                    .startsWith("11:22: tenants[0].privacy.recognizers[0].patterns[0]: "),
            id -> assertThat(id).isEqualTo("13:10: tenants[1].id: another entry above has it too"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tenants: [{id: a, name: A, plan: '${SECRET}'}]",
        "tenants: [{id: '${SECRET}!', name: A}]",
        "tenants: [{id: a, name: A, providers: [{name: p, base_url: '${SECRET}'}]}]",
        "tenants: [{id: a, name: A, privacy: {actions: {PERSON: '${SECRET}'}}}]",
        "tenants: [{id: a, name: A, privacy: {deny: [{phrase: '${SECRET}', type: '${SECRET}'}]}}]",
        "tenants: '${SECRET}'",
        "'sk-very-secret-0123456789: ["
      })
  void error_aboutASecret_doesNotRepeatIt(String text) {
    assertThat(flaws(text)).isNotEmpty().noneMatch(flaw -> flaw.contains(SECRET));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing",
        "tenants: [",
        "\ttenants: []",
        "tenants: []\n---\ntenants: []",
        "tenants: []\ntenants: []",
        "[1, 2]: x\ntenants: []",
        "tenants: !!binary aGVsbG8=",
        "tenants: &a [*a]",
        "x"
      })
  void text_thatIsNoSuchFile_isRefusedWithAPlace(String text) {
    assertThat(flaws(text)).isNotEmpty().allMatch(flaw -> flaw.matches("(?s)\\d+:\\d+: .+"));
  }

  @Test
  void aliases_thatWouldGrowWithoutEnd_areRefused() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      String one = "*a" + (i - 1);
      text.append(
          "a%d: &a%d [%s]%n"
              .formatted(
                  i,
                  i,
                  String.join(", ", List.of(one, one, one, one, one, one, one, one, one, one))));
    }
    assertThat(flaws(text.toString())).singleElement().asString().contains("large");
  }

  @Test
  void example_ofTheDocs_isValid() throws Exception {
    Path example = Path.of(System.getProperty("mantle.root"), "docs", "mantle.yaml");

    MantleFile file =
        MantleFile.read(example, Map.of("OPENAI_API_KEY", "x", "ANTHROPIC_API_KEY", "y"));

    assertThat(file.declaration().tenants())
        .extracting(tenant -> tenant.privacy().orElseThrow().path("preset").asText())
        .containsExactly("default", "hipaa", "strict");
    assertThatThrownBy(() -> MantleFile.read(example, Map.of()))
        .isInstanceOf(InvalidFileException.class);
  }

  private static MantleFile read(String text) throws InvalidFileException {
    return MantleFile.of(Path.of("."), text, Map.of("SECRET", SECRET));
  }

  private static List<String> flaws(String text) {
    InvalidFileException invalid =
        catchThrowableOfType(InvalidFileException.class, () -> read(text));
    assertThat(invalid).as(text).isNotNull();
    return invalid.flaws().stream().map(Flaw::toString).toList();
  }
}
