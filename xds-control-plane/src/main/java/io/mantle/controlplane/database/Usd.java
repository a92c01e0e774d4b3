package io.mantle.controlplane.database;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** US dollars as decimal text, and as whole billionths, in which all of Mantle's sums are exact. */
public final class Usd {
  /** What a price has to look like: up to 99,999 dollars and nine decimals. */
  public static final String PATTERN = "[0-9]{1,5}(\\.[0-9]{1,9})?";

  private static final Pattern TEXT = Pattern.compile(PATTERN);
  private static final int DECIMALS = 9;

  private Usd() {}

  /** Billionths; empty where the text is not of the {@link #PATTERN}. */
  public static OptionalLong nanos(String text) {
    return TEXT.matcher(text).matches()
        ? OptionalLong.of(new BigDecimal(text).movePointRight(DECIMALS).longValueExact())
        : OptionalLong.empty();
  }

  /** Such as {@code 0.0125}, without zeros at its end. */
  public static String text(long nanos) {
    return text(BigDecimal.valueOf(nanos));
  }

  /** The same of more than fits into a {@code long}; what is less than a billionth is rounded. */
  public static String text(BigDecimal nanos) {
    BigDecimal whole = nanos.setScale(0, RoundingMode.HALF_UP);
    return whole.signum() == 0
        ? "0"
        : whole.movePointLeft(DECIMALS).stripTrailingZeros().toPlainString();
  }
}
