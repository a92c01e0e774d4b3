package io.mantle.privacy.surrogate;

import io.mantle.privacy.value.Alias;
import io.mantle.privacy.value.Alias.Writing;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Telephone numbers. The layout, the country code and as much of the area as keeps the number
 * plausible stay; where a country keeps numbers for fiction, these are used.
 */
final class PhoneShape implements Shape {
  private static final Pattern EXTENSION =
      Pattern.compile(
          "(?:x|ext\\.?|extension|#|;ext=)\\s*(\\d{1,6})\\s*$", Pattern.CASE_INSENSITIVE);

  /** The North American plan: neither area nor exchange starts with 0 or 1, no area is N9X. */
  private static final Pattern NANP = Pattern.compile("1?[2-9][0-8]\\d[2-9]\\d{6}");

  /** The same within one area: an exchange and a line. */
  private static final Pattern NANP_LOCAL = Pattern.compile("\\s*[2-9]\\d{2}[-. ]\\d{4}\\s*");

  private static final int NANP_DIGITS = 10;
  private static final int PROBES_OF_AREA = 12;
  private static final int PROBES_OF_FICTION = 40;

  /** ITU-T E.164 country codes of one and two digits; all others have three. */
  private static final Set<String> SHORT_COUNTRY_CODES =
      Set.of(
          "1", "7", "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44",
          "45", "46", "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61",
          "62", "63", "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95",
          "98");

  private static final List<String> AREAS =
      List.of(
          "201", "202", "203", "205", "206", "207", "208", "209", "210", "212", "213", "214", "215",
          "216", "217", "218", "219", "224", "225", "228", "229", "231", "234", "239", "240", "248",
          "251", "252", "253", "254", "256", "260", "262", "267", "269", "270", "276", "281", "301",
          "302", "303", "304", "305", "307", "308", "309", "310", "312", "313", "314", "315", "316",
          "317", "318", "319", "320", "321", "323", "330", "334", "336", "337", "352", "360", "361",
          "386", "401", "402", "404", "405", "406", "407", "408", "409", "410", "412", "413", "414",
          "415", "417", "419", "423", "425", "432", "434", "440", "478", "479", "480", "501", "502",
          "503", "504", "505", "507", "508", "509", "510", "512", "513", "515", "516", "517", "518",
          "520", "530", "540", "541", "559", "561", "562", "563", "570", "573", "574", "580", "585",
          "601", "602", "603", "605", "606", "607", "608", "609", "610", "612", "614", "615", "616",
          "617", "618", "619", "620", "626", "630", "631", "636", "650", "651", "660", "661", "662",
          "701", "702", "703", "704", "706", "707", "708", "712", "713", "714", "715", "716", "717",
          "718", "719", "720", "724", "731", "734", "740", "754", "757", "760", "763", "765", "770",
          "772", "773", "775", "781", "785", "801", "802", "803", "804", "805", "806", "808", "810",
          "812", "813", "814", "815", "816", "817", "818", "828", "830", "831", "832", "843", "845",
          "847", "850", "856", "858", "859", "860", "863", "864", "865", "870", "901", "903", "904",
          "907", "908", "909", "910", "912", "913", "914", "915", "916", "918", "919", "920", "925",
          "928", "931", "936", "937", "940", "941", "949", "951", "952", "954", "956", "970", "972",
          "973", "978", "979", "980", "985", "989");

  @Override
  public String identity(String spelling) {
    String main = withoutExtension(spelling);
    String digits = Digits.of(main);
    String extension = Digits.of(spelling).substring(digits.length());
    boolean international = isInternational(main, digits);
    String number = international ? withoutExit(main, digits) : digits;
    if (isNanp(number, international)) {
      number = "1" + number.substring(number.length() - NANP_DIGITS);
    }
    return extension.isEmpty() ? number : number + "x" + extension;
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    KeyedStream stream = draws.about("PHONE", identity(spelling));
    String main = withoutExtension(spelling);
    String digits = Digits.of(main);
    boolean international = isInternational(main, digits);
    int exit = international ? digits.length() - withoutExit(main, digits).length() : 0;
    int country = international ? countryDigits(digits.substring(exit)) : 0;
    String number = digits.substring(exit);
    StringBuilder drawn = new StringBuilder(digits.length());
    if (isNanp(number, international)) {
      int lead = digits.length() - NANP_DIGITS;
      drawn.append(digits, 0, lead).append(nanp(digits.substring(lead), draws.probe(), stream));
    } else if (NANP_LOCAL.matcher(main).matches() && draws.probe() < PROBES_OF_AREA) {
      drawn.append("55501").append(stream.digits(2));
    } else {
      int lead = Math.min(exit + country, digits.length());
      // "+44 (0)20": the trunk zero is no part of the number.
      if (international && digits.startsWith("0", lead)) {
        lead++;
      }
      String countryCode = digits.substring(exit, Math.min(exit + country, digits.length()));
      drawn
          .append(digits, 0, lead)
          .append(national(countryCode, digits.substring(lead), draws.probe(), stream));
    }
    String extension = Digits.of(spelling).substring(digits.length());
    drawn.append(CharacterClasses.replaced(extension, stream));
    return lettersReplaced(Digits.replaced(spelling, drawn), main.length(), stream);
  }

  /** With and without the country's code. */
  @Override
  public List<Alias> aliases(String original, String surrogate) {
    String main = withoutExtension(surrogate);
    String to = Digits.of(main);
    String from = Digits.of(withoutExtension(original));
    if (from.length() != to.length()) {
      return List.of();
    }
    boolean international = isInternational(main, to);
    int exit = international ? to.length() - withoutExit(main, to).length() : 0;
    String number = to.substring(exit);
    List<Alias> aliases = new ArrayList<>();
    if (isNanp(number, international)) {
      int national = to.length() - NANP_DIGITS;
      alias(aliases, to.substring(national), from.substring(national));
      alias(aliases, "1" + to.substring(national), "1" + from.substring(national));
    } else if (international) {
      int national = Math.min(exit + countryDigits(number), to.length());
      if (to.startsWith("0", national)) {
        national++;
      }
      alias(aliases, number, from.substring(exit));
      alias(aliases, to.substring(national), from.substring(national));
      alias(aliases, "0" + to.substring(national), "0" + from.substring(national));
    }
    return aliases;
  }

  private static void alias(List<Alias> aliases, String surrogate, String original) {
    aliases.add(
        new Alias(surrogate, new Plaintext(original), Strategy.NUMBER_FORMAT, Writing.NUMBER));
  }

  private static String nanp(String number, int probe, KeyedStream stream) {
    String area = probe < PROBES_OF_AREA ? number.substring(0, 3) : stream.pick(AREAS);
    // 555-0100 to 555-0199 are kept for fiction in every area (ATIS-0300115).
    String line =
        probe < PROBES_OF_FICTION
            ? "01" + stream.digits(2)
            : stream.between(2, 9) + stream.digits(3);
    return area + "555" + line;
  }

  private static String national(String country, String number, int probe, KeyedStream stream) {
    String reserved = probe < PROBES_OF_FICTION ? reserved(country, number) : "";
    if (!reserved.isEmpty()) {
      return reserved + stream.digits(number.length() - reserved.length());
    }
    int kept = number.length() >= 8 ? 2 : number.length() >= 6 ? 1 : 0;
    if (kept == 0) {
      return CharacterClasses.replaced(number, stream);
    }
    String rest = number.substring(kept);
    return number.substring(0, kept) + stream.digits(rest.length());
  }

  /** The start of the numbers that the country's regulator keeps for drama, or nothing. */
  private static String reserved(String country, String number) {
    if (country.equals("44") && number.length() == 10) {
      // Ofcom, numbers for use in drama: 07700 900xxx, 020 7946 0xxx, 01632 960xxx.
      return switch (number.charAt(0)) {
        case '7' -> "7700900";
        case '2' -> "2079460";
        default -> "1632960";
      };
    }
    if (country.equals("33") && number.length() == 9) {
      // ARCEP, national numbering plan, numbers for audio-visual works.
      return switch (number.charAt(0)) {
        case '1' -> "19900";
        case '2' -> "26191";
        case '3' -> "35301";
        case '4' -> "46571";
        case '5' -> "53649";
        default -> "63998";
      };
    }
    return "";
  }

  private static boolean isNanp(String number, boolean international) {
    return NANP.matcher(number).matches() && (!international || number.length() == NANP_DIGITS + 1);
  }

  private static boolean isInternational(String main, String digits) {
    return main.stripLeading().startsWith("+")
        || main.stripLeading().startsWith("(+")
        || (digits.startsWith("00") && digits.length() > NANP_DIGITS);
  }

  private static String withoutExit(String main, String digits) {
    return !main.contains("+") && digits.startsWith("00") ? digits.substring(2) : digits;
  }

  private static int countryDigits(String number) {
    for (int length = 1; length <= 2 && length <= number.length(); length++) {
      if (SHORT_COUNTRY_CODES.contains(number.substring(0, length))) {
        return length;
      }
    }
    return Math.min(3, number.length());
  }

  private static String withoutExtension(String spelling) {
    Matcher extension = EXTENSION.matcher(spelling);
    return extension.find() && !Digits.of(spelling.substring(0, extension.start())).isEmpty()
        ? spelling.substring(0, extension.start())
        : spelling;
  }

  /** "1-800-FLOWERS" is a number too. */
  private static String lettersReplaced(String text, int to, KeyedStream stream) {
    int upper = 0;
    for (int i = 0; i < to; i++) {
      upper += Character.isUpperCase(text.charAt(i)) ? 1 : 0;
    }
    if (upper < 3) {
      return text;
    }
    StringBuilder out = new StringBuilder(text);
    for (int i = 0; i < to; i++) {
      if (Character.isUpperCase(text.charAt(i))) {
        out.setCharAt(i, Character.toUpperCase(stream.lowerLetter()));
      }
    }
    return out.toString();
  }
}
