package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.controlplane.database.ModelPrice;
import io.mantle.controlplane.database.Rates;
import io.mantle.controlplane.database.Usd;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** A price in JSON. US dollars are decimal texts: no JSON number keeps them as they are. */
final class PriceJson {
  static final Set<String> FIELDS =
      Set.of(
          "provider_kind",
          "model_pattern",
          "valid_from",
          "input_usd_per_million",
          "cached_input_usd_per_million",
          "output_usd_per_million");

  private static final Pattern MODEL = Pattern.compile("[\\x21-\\x7e]{1,256}");
  private static final Pattern DAY = Pattern.compile("2[01][0-9]{2}-[0-9]{2}-[0-9]{2}");
  private static final int KIND_CHARS_MAX = 20;

  private PriceJson() {}

  static ModelPrice read(JsonBody body) {
    String kind = body.textIfGiven("provider_kind", 1, KIND_CHARS_MAX).orElse(ModelPrice.ANY_KIND);
    if (!kind.equals(ModelPrice.ANY_KIND) && !ProviderResource.KINDS.contains(kind)) {
      throw Problem.invalid(
          "provider_kind",
          "It is none of " + String.join(", ", ProviderResource.KINDS) + " and *.");
    }
    String model = body.text("model_pattern", 1, 256);
    if (!MODEL.matcher(model).matches()) {
      throw Problem.invalid("model_pattern", "It has other than visible ASCII characters.");
    }
    boolean cachedToo =
        body.has("cached_input_usd_per_million") && !body.isNull("cached_input_usd_per_million");
    return new ModelPrice(
        kind,
        model,
        day(body),
        new Rates(
            dollars(body, "input_usd_per_million"),
            cachedToo
                ? OptionalLong.of(dollars(body, "cached_input_usd_per_million"))
                : OptionalLong.empty(),
            dollars(body, "output_usd_per_million")));
  }

  static ObjectNode write(ModelPrice price) {
    OptionalLong cached = price.rates().cachedInputNanoUsd();
    return Answer.object()
        .put("provider_kind", price.providerKind())
        .put("model_pattern", price.modelPattern())
        .put("valid_from", price.validFrom().toString())
        .put("input_usd_per_million", Usd.text(price.rates().inputNanoUsd()))
        .put(
            "cached_input_usd_per_million",
            cached.isPresent() ? Usd.text(cached.getAsLong()) : null)
        .put("output_usd_per_million", Usd.text(price.rates().outputNanoUsd()));
  }

  private static LocalDate day(JsonBody body) {
    String text = body.text("valid_from", 10, 10);
    try {
      if (DAY.matcher(text).matches()) {
        return LocalDate.parse(text);
      }
    } catch (DateTimeException e) {
      // as below
    }
    throw Problem.invalid("valid_from", "It is not a day of 2000 to 2199 such as 2026-01-31.");
  }

  private static long dollars(JsonBody body, String field) {
    OptionalLong nanos = Usd.nanos(body.text(field, 1, 20));
    if (nanos.isEmpty() || nanos.getAsLong() > Rates.NANO_USD_MAX) {
      throw Problem.invalid(
          field, "It is not a text such as \"2.50\", of 0 to 10000 dollars and 9 decimals.");
    }
    return nanos.getAsLong();
  }
}
