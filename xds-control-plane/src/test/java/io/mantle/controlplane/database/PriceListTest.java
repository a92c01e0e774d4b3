package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which price holds for a model on a day. Each is told by its figure. */
final class PriceListTest {
  private static final PriceList LIST =
      new PriceList(
          List.of(
              price("openai", "gpt-4o", "2026-03-01", 11),
              price("*", "gpt-4o", "2026-01-01", 12),
              price("*", "house-*", "2026-01-01", 13)),
          List.of(
              price("openai", "gpt-4o", "2025-01-01", 21),
              price("openai", "gpt-4o-2024-05-13", "2025-01-01", 22),
              price("openai", "gpt-4o-mini", "2025-01-01", 23),
              price("openai", "gpt-4o-mini", "2026-02-01", 24),
              price("openai", "gpt-*", "2025-01-01", 25),
              price("openai", "*-mini", "2025-01-01", 26),
              price("anthropic", "claude-sonnet-4", "2025-01-01", 27),
              price("*", "house-a", "2025-01-01", 28)));

  @ParameterizedTest
  @CsvSource({
    // a tenant's own comes first, from its first day on; the provider's kind before any
    "openai, gpt-4o, 2026-03-01, 11",
    "openai, gpt-4o, 2026-02-28, 12",
    "openai, gpt-4o, 2025-12-31, 21",
    "anthropic, gpt-4o, 2026-03-01, 12",
    "openai, house-a, 2026-03-01, 13",
    // a name stands for its snapshots, which may have a price of their own
    "openai, gpt-4o-2024-08-06, 2025-06-01, 21",
    "openai, gpt-4o-20240806, 2025-06-01, 21",
    "openai, gpt-4o-2024-05-13, 2025-06-01, 22",
    "anthropic, claude-sonnet-4-20250514, 2025-06-01, 27",
    // the latest that holds on the day
    "openai, gpt-4o-mini, 2026-01-31, 23",
    "openai, gpt-4o-mini, 2026-02-01, 24",
    "openai, gpt-4o-mini, 2030-01-01, 24",
    // what names more of the model
    "openai, gpt-4o-audio-preview, 2026-01-01, 25",
    "openai, o9-mini, 2026-01-01, 26",
    "openai, gpt-9-mini, 2026-01-01, 26",
  })
  void price_thatHolds_isFound(String kind, String model, LocalDate day, long figure) {
    assertThat(LIST.find(kind, model, day).map(found -> found.rates().inputNanoUsd()))
        .hasValue(figure);
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-4o, 2024-12-31",
    "openai, claude-sonnet-4, 2026-01-01",
    "anthropic, claude-sonnet-4-5, 2026-01-01",
    "anthropic, claude-sonnet, 2026-01-01",
    "openai, GPT-4o, 2026-01-01",
    "'', gpt-5, 2026-01-01",
    "openai, '', 2026-01-01",
  })
  void price_whereNoneHolds_isNone(String kind, String model, LocalDate day) {
    assertThat(LIST.find(kind, model, day)).isEmpty();
  }

  @Test
  void source_saysWhoseItIs() {
    LocalDate day = LocalDate.parse("2026-03-01");
    assertThat(LIST.find("openai", "gpt-4o", day).map(PriceList.Found::source))
        .hasValue(PriceList.Source.TENANT);
    assertThat(LIST.find("openai", "gpt-4o-mini", day).map(PriceList.Found::source))
        .hasValue(PriceList.Source.PLATFORM);
    assertThat(LIST.find("openai", "gpt-4o", day).orElseThrow().ofPlatform())
        .as("what the platform asks, where a tenant's own comes before it")
        .map(Rates::inputNanoUsd)
        .hasValue(21L);
    assertThat(LIST.find("openai", "gpt-4o-mini", day).orElseThrow().ofPlatform()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "*, '', true",
    "a*c, abc, true",
    "a*c, ac, true",
    "a*a, a, false",
    "a*b*c, a-b-c, true",
    "a*b*c, a-c-b, false",
    "a*bc, abcbc, true",
    "**, x, true",
    "a, ab, false",
  })
  void pattern_withStars_matchesWhatRoutesDo(String pattern, String model, boolean matches) {
    assertThat(new ModelPattern(pattern).matches(model)).isEqualTo(matches);
  }

  @Test
  void shippedPrices_areReadable_andOfOneKindPatternAndDayEach() {
    List<PriceRepository.PlatformPrice> shipped = ShippedPrices.read();
    assertThat(shipped).hasSizeGreaterThan(30).doesNotHaveDuplicates();
    assertThat(shipped.stream().map(PriceRepository.PlatformPrice::place).distinct())
        .hasSameSizeAs(shipped);
    assertThat(shipped)
        .allSatisfy(
            price -> {
              assertThat(price.source()).startsWith("https://");
              assertThat(price.price().rates().inputNanoUsd()).isPositive();
            });
    Optional<PriceList.Found> mini =
        new PriceList(
                List.of(), shipped.stream().map(PriceRepository.PlatformPrice::price).toList())
            .find("openai", "gpt-4o-mini-2024-07-18", LocalDate.parse("2026-11-22"));
    assertThat(mini.map(found -> found.rates().costNanoUsd(1_000_000, 0, 1_000_000)))
        .hasValue(750_000_000L);
  }

  private static ModelPrice price(String kind, String pattern, String from, long figure) {
    return new ModelPrice(
        kind, pattern, LocalDate.parse(from), new Rates(figure, OptionalLong.empty(), 0));
  }
}
