package io.mantle.privacy.detect.custom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantRulesTest {
  private static final List<Plaintext> NONE = List.of();

  /** What is found stands between ⟦ and ⟧. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Falcon         | ship ⟦falcon⟧ today",
        "Falcon         | ⟦FALCON⟧!",
        "Falcon         | the ⟦Falcon⟧'s wing",
        "Falcon         | falcons and falconry and superfalcon",
        "Falcon         | falcon7",
        "Falcon         | project_⟦falcon⟧.yaml",
        "7              | 7",
        "Falcon 7       | ⟦falcon  7⟧, falcon 77",
        "Project Falcon | a ⟦project\tfalcon⟧ b",
        "Project Falcon | project, falcon",
        "O'Neil & Sons  | with ⟦O\u2019NEIL & SONS⟧ ltd",
        "co-op bank     | the ⟦Co\u2011op Bank⟧",
        "M\u00fcller    | Frau ⟦M\u00dcLLER⟧",
        "M\u00fcller    | Frau ⟦Mu\u0308ller⟧",
        "M\u00fcller    | Frau Muller",
        "#42-x          | see ⟦#42-X⟧",
        "C++            | in ⟦c++⟧ and c+",
        "\u5c71\u7530   | \u79c1\u306f⟦\u5c71\u7530⟧\u3067\u3059",
        "\u041f\u0440\u043e\u0435\u043a\u0442 | ⟦\u041f\u0420\u041e\u0415\u041a\u0422⟧ 5",
      })
  void find_deniedPhrase_standsAloneInAnyCase(String phrase, String marked)
      throws InvalidRuleException {
    if (phrase.length() < TenantRules.PHRASE_CHARS_MIN) {
      assertThatThrownBy(() -> deny(phrase)).isInstanceOf(InvalidRuleException.class);
      return;
    }
    assertThat(mark(deny(phrase), plain(marked))).isEqualTo(marked);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "\\bEMP-\\d{6}\\b         | ask ⟦EMP-123456⟧ or EMP-12345, xEMP-123456",
        "(?i)case no\\. [a-z]{3}  | ⟦Case No. ABC⟧D",
        "[A-Z]{2}\\d{4}(?:-\\d{2})? | ⟦AB1234-56⟧ ⟦AB1234⟧-x",
        "\\p{Lu}\\d                | ⟦\u00c92⟧ x2",
      })
  void find_pattern_matchesAsRe2Does(String pattern, String marked) throws InvalidRuleException {
    assertThat(mark(recognizing(List.of(pattern), NONE, NONE), plain(marked))).isEqualTo(marked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "badge ⟦12345⟧",
        "Badge number: ⟦12345⟧",
        "⟦12345⟧ is her badge",
        "12345",
        "badges 12345",
        "badge xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 12345",
        "12345 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx badge",
        "the ⟦Kestrel⟧ badge",
        "the Kestrel",
      })
  void find_recognizerWithContext_findsNearItOnly(String marked) throws InvalidRuleException {
    TenantRules rules =
        recognizing(List.of("\\b\\d{5}\\b"), texts("Kestrel"), texts("badge", "personnel no"));

    assertThat(mark(rules, plain(marked))).isEqualTo(marked);
  }

  @Test
  void find_samePhraseInSeveralRules_isFoundByEach() throws InvalidRuleException {
    TenantRules rules =
        TenantRules.compile(
            List.of(new DenyTerm(new Plaintext("Kestrel"), EntityType.ORG)),
            NONE,
            List.of(
                new CustomRecognizer("a", EntityType.PERSON, List.of(), texts("kestrel"), NONE),
                new CustomRecognizer("b", EntityType.USERNAME, List.of(), texts("KESTREL"), NONE)));

    List<EntityType> types = new ArrayList<>();
    rules.find("kestrel", span -> types.add(span.type()));
    assertThat(types)
        .containsExactlyInAnyOrder(EntityType.ORG, EntityType.PERSON, EntityType.USERNAME);
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "Maria Garcia, PERSON, true",
    "MARIA  GARCIA, PERSON, true",
    "\uff2d\uff41\uff52\uff49\uff41 Garcia, PERSON, true",
    "Maria, PERSON, false",
    "Maria Garcias, PERSON, false",
    "Maria Garcia, PASSWORD_OR_SECRET, false",
    "Maria Garcia, CREDIT_CARD, false",
  })
  void allow_finding_onlyIfItIsThePhrase(String text, EntityType type, boolean allowed)
      throws InvalidRuleException {
    TenantRules rules = TenantRules.compile(List.of(), texts("maria garcia"), List.of());

    assertThat(rules.allow(text, new Span(0, text.length(), type, 1))).isEqualTo(allowed);
  }

  @Test
  void finds_sample_asksThatRecognizerAlone() throws InvalidRuleException {
    TenantRules rules =
        TenantRules.compile(
            terms("banned"),
            NONE,
            List.of(
                new CustomRecognizer("a", EntityType.ORG, List.of("a+"), NONE, NONE),
                new CustomRecognizer("b", EntityType.ORG, List.of("b+"), NONE, texts("near"))));

    assertThat(rules.finds(0, new Plaintext("aa"))).isTrue();
    assertThat(rules.finds(1, new Plaintext("banned b"))).isFalse();
    assertThat(rules.finds(0, new Plaintext("bb"))).isFalse();
    assertThat(rules.finds(1, new Plaintext("bb"))).isFalse();
    assertThat(rules.finds(1, new Plaintext("near bb"))).isTrue();
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        Arguments.of("deny[1].phrase", terms("fine", "x"), NONE, List.of()),
        Arguments.of("deny[0].phrase", terms("x".repeat(201)), NONE, List.of()),
        Arguments.of("deny[0].phrase", terms(" - "), NONE, List.of()),
        Arguments.of("deny", Collections.nCopies(5_001, terms("same").getFirst()), NONE, List.of()),
        Arguments.of(
            "deny[500].phrase",
            IntStream.range(0, 501).mapToObj(i -> terms("%0200d".formatted(i)).getFirst()).toList(),
            NONE,
            List.of()),
        Arguments.of("allow[0]", List.of(), texts(""), List.of()),
        Arguments.of(
            "allow", List.of(), Collections.nCopies(5_001, new Plaintext("ok")), List.of()),
        Arguments.of("recognizers[0].name", List.of(), NONE, List.of(named(" "))),
        Arguments.of("recognizers[0].name", List.of(), NONE, List.of(named("n".repeat(64)))),
        Arguments.of("recognizers", List.of(), NONE, Collections.nCopies(51, named("n"))),
        Arguments.of("recognizers[0]", List.of(), NONE, List.of(with(List.of()))),
        Arguments.of(
            "recognizers[0].patterns",
            List.of(),
            NONE,
            List.of(with(Collections.nCopies(11, "a")))),
        Arguments.of(
            "recognizers[4].patterns[0]",
            List.of(),
            NONE,
            Collections.nCopies(5, with(List.of("a{450}")))),
        Arguments.of(
            "recognizers[0].words[0]",
            List.of(),
            NONE,
            List.of(new CustomRecognizer("n", EntityType.ORG, List.of(), texts("x"), NONE))),
        Arguments.of(
            "recognizers[0].context[1]",
            List.of(),
            NONE,
            List.of(
                new CustomRecognizer(
                    "n", EntityType.ORG, List.of("a"), NONE, texts("fine", "?")))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalid")
  void compile_outOfBounds_namesTheField(
      String field,
      List<DenyTerm> deny,
      List<Plaintext> allow,
      List<CustomRecognizer> recognizers) {
    assertThat(invalid(() -> TenantRules.compile(deny, allow, recognizers)).field())
        .isEqualTo(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret(",
        "secret[",
        "(?=secret)x",
        "(?<!secret)x",
        "(secret)\\1",
        "secret{1001}",
        "a*",
        "a?",
        "a|",
        "a{501}",
        "((secret{1000}){1000}){1000}",
        "(((((secret{9}){9}){9}){9}){9}){9}",
        "\\p{Secret}",
      })
  void compile_badPattern_saysWhyWithoutQuotingIt(String pattern) {
    InvalidRuleException refused = invalid(() -> recognizing(List.of(pattern), NONE, NONE));

    assertThat(refused.field()).isEqualTo("recognizers[0].patterns[0]");
    assertThat(refused.getMessage()).doesNotContainIgnoringCase("secret");
  }

  /** The classics that take a backtracking engine for ever. */
  @ParameterizedTest(name = "{0} on {1}...")
  @CsvSource({
    "(a+)+$, a",
    "(a|aa)+$, a",
    "(a|a?)+x, a",
    "(.*a){12}x, a",
    "^(([a-z])+.)+[A-Z]([a-z])+$, a",
    "(\\w+\\s?)+:, 'ab '",
    "([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+, a-",
    "(x+x+)+y, x",
    "\\d+(\\d+)*-\\d+, 12",
    "a.*b|a, a",
    "(?s)a.*b|a, a",
    "'[ab]*a[ab]{20}c', ab",
  })
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void find_patternThatBacktracks_endsSoonOrRefuses(String pattern, String part)
      throws InvalidRuleException {
    TenantRules rules = recognizing(List.of(pattern), NONE, NONE);
    String text = part.repeat((1 << 18) / part.length()) + "!";
    try {
      rules.find(text, span -> assertThat(span.end()).isLessThanOrEqualTo(text.length()));
    } catch (RuleOverrunException e) {
      assertThat(pattern).as("only what looks far ahead for each match").contains(".*b|a");
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void find_patternThatMatchesEveryCharacter_isNotAnOverrunBelowTheLimit()
      throws InvalidRuleException {
    TenantRules rules = recognizing(List.of("\\bx\\b"), NONE, NONE);
    List<Span> found = new ArrayList<>();
    rules.find("x ".repeat(100_000), found::add);

    assertThat(found).hasSize(100_000);
    assertThatThrownBy(() -> rules.find("x ".repeat(200_001), _ -> {}))
        .isInstanceOf(RuleOverrunException.class);
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void find_fullDenyListOverAMegabyte_endsSoon() throws InvalidRuleException {
    List<DenyTerm> terms =
        IntStream.range(0, TenantRules.DENY_TERMS_MAX)
            .mapToObj(i -> terms("term %05d end".formatted(i)).getFirst())
            .toList();
    TenantRules rules = TenantRules.compile(terms, NONE, List.of());
    List<Span> found = new ArrayList<>();
    rules.find("term 04999 en ".repeat(70_000) + "term 04999 end", found::add);

    assertThat(found).hasSize(1);
  }

  @Test
  void toString_ofRules_showsNoPhrase() {
    assertThat(terms("hush").toString()).doesNotContain("hush");
    assertThat(with(List.of("hush")).toString()).doesNotContain("hush");
  }

  private interface Rules {
    TenantRules compile() throws InvalidRuleException;
  }

  private static InvalidRuleException invalid(Rules rules) {
    InvalidRuleException refused = catchThrowableOfType(InvalidRuleException.class, rules::compile);
    assertThat(refused).isNotNull();
    return refused;
  }

  private static TenantRules deny(String... phrases) throws InvalidRuleException {
    return TenantRules.compile(terms(phrases), NONE, List.of());
  }

  private static TenantRules recognizing(
      List<String> patterns, List<Plaintext> words, List<Plaintext> context)
      throws InvalidRuleException {
    return TenantRules.compile(
        List.of(),
        NONE,
        List.of(new CustomRecognizer("n", EntityType.NATIONAL_ID, patterns, words, context)));
  }

  private static List<DenyTerm> terms(String... phrases) {
    return texts(phrases).stream().map(text -> new DenyTerm(text, EntityType.ORG)).toList();
  }

  private static List<Plaintext> texts(String... phrases) {
    return Stream.of(phrases).map(Plaintext::new).toList();
  }

  private static CustomRecognizer named(String name) {
    return new CustomRecognizer(name, EntityType.ORG, List.of("a"), NONE, NONE);
  }

  private static CustomRecognizer with(List<String> patterns) {
    return new CustomRecognizer("n", EntityType.ORG, patterns, NONE, NONE);
  }

  private static String plain(String marked) {
    return marked.replace("⟦", "").replace("⟧", "");
  }

  private static String mark(TenantRules rules, String text) {
    List<Span> spans = new ArrayList<>();
    rules.find(text, spans::add);
    spans.sort(Comparator.comparingInt(Span::start).reversed());
    StringBuilder marked = new StringBuilder(text);
    spans.forEach(span -> marked.insert(span.end(), '⟧').insert(span.start(), '⟦'));
    return marked.toString();
  }
}
