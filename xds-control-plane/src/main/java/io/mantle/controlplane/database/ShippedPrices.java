package io.mantle.controlplane.database;

import io.mantle.controlplane.database.PriceRepository.PlatformPrice;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/** The prices that ship with Mantle, of the resource {@code model-prices.csv}. */
public final class ShippedPrices {
  private static final String RESOURCE = "model-prices.csv";
  private static final int COLUMNS = 7;

  private ShippedPrices() {}

  /** All of them. */
  public static List<PlatformPrice> read() {
    try (InputStream file =
        Objects.requireNonNull(ShippedPrices.class.getResourceAsStream(RESOURCE))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .skip(1) // the columns' names
          .map(ShippedPrices::price)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PlatformPrice price(String line) {
    String[] fields = line.split(",", -1);
    if (fields.length != COLUMNS) {
      throw new IllegalStateException(RESOURCE + " has a line of other columns: " + line);
    }
    return new PlatformPrice(
        new ModelPrice(
            fields[0],
            fields[1],
            LocalDate.parse(fields[2]),
            new Rates(
                Usd.nanos(fields[3]).orElseThrow(),
                fields[4].isEmpty() ? OptionalLong.empty() : Usd.nanos(fields[4]),
                Usd.nanos(fields[5]).orElseThrow())),
        fields[6],
        true);
  }
}
