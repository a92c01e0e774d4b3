package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Bank account numbers of ISO 13616: the country's length and check digits right, printed in one or
 * in groups, in capitals or not.
 */
final class IbanRecognizer implements Recognizer {
  private static final Map<String, Integer> LENGTHS = lengths();

  /** From SWIFT's IBAN registry: countries and the length of their numbers. */
  private static Map<String, Integer> lengths() {
    String registry =
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27"
            + " DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28"
            + " HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21"
            + " LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29"
            + " PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23"
            + " TN24 TR26 UA29 VA22 VG24 XK20 YE30";
    Map<String, Integer> lengths = new HashMap<>();
    for (int at = 0; at < registry.length(); at += 5) {
      lengths.put(
          registry.substring(at, at + 2), Integer.valueOf(registry.substring(at + 2, at + 4)));
    }
    return Map.copyOf(lengths);
  }

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    int free = 0;
    for (int run = 0; run < passage.digitRuns(); run++) {
      int start = passage.runStart(run) - 2;
      if (start < free || !passage.startsWord(start)) {
        continue;
      }
      int end = ibanEnd(passage, start);
      if (end > 0) {
        found.accept(new Span(start, end, EntityType.IBAN, 0.98));
        free = end;
      }
    }
  }

  private static int ibanEnd(Passage passage, int start) {
    char first = Character.toUpperCase(passage.at(start));
    char second = Character.toUpperCase(passage.at(start + 1));
    if (!CharClass.isAsciiLetter(first) || !CharClass.isAsciiLetter(second)) {
      return -1;
    }
    Integer length = LENGTHS.get("" + first + second);
    if (length == null) {
      return -1;
    }
    int remainder = 0;
    int country = 0;
    int check = 0;
    int taken = 0;
    int at = start;
    for (; taken < length; at++) {
      char c = passage.at(at);
      if ((c == ' ' || c == '-' || c == '\u00a0') && CharClass.isAsciiAlnum(passage.at(at + 1))) {
        if (taken < 4 || !CharClass.isAsciiAlnum(passage.at(at - 1))) {
          return -1;
        }
        continue;
      }
      if (!CharClass.isAsciiAlnum(c)) {
        return -1;
      }
      int value = Character.digit(c, 36);
      if (taken < 2) {
        country = country * 100 + value;
      } else if (taken < 4) {
        if (value > 9) {
          return -1;
        }
        check = check * 10 + value;
      } else {
        remainder = (value > 9 ? remainder * 100 + value : remainder * 10 + value) % 97;
      }
      taken++;
    }
    // ISO 7064: the first four characters are moved to the end, letters count as two digits.
    remainder = (remainder * 10_000 + country) % 97;
    remainder = (remainder * 100 + check) % 97;
    return remainder == 1 && passage.endsWord(at) ? at : -1;
  }
}
