package io.mantle.privacy.detect.blind;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.datafaker.Faker;

/** Values to fill the slots of frames with. The same seed gives the same values. */
final class Values {
  private static final List<String> PHONE_REGIONS =
      List.of(
          "US", "CA", "GB", "DE", "FR", "ES", "IT", "NL", "PL", "PT", "SE", "IN", "BR", "AU", "SG",
          "MX", "CH", "AT", "BE", "IE", "DK", "NO", "JP", "ZA", "TR");

  private final Draw draw;
  private final Faker faker;
  private final IdentityNumbers identities;
  private final Words english = Words.of("en");
  private int phones;

  Values(long seed) {
    Random random = new Random(seed);
    draw = new Draw(random);
    faker = new Faker(Locale.ENGLISH, random);
    identities = new IdentityNumbers(draw);
  }

  /**
   * What fills a slot.
   *
   * @param type the entity type it is marked as
   * @param start where the entity begins; what of the text lies outside is marked OTHER
   * @param end one past its last character
   */
  record Value(String text, String type, int start, int end) {
    Value(String text, String type) {
      this(text, type, 0, text.length());
    }
  }

  /** A value for {@code name}, in {@code language} where its words have one. */
  Value of(String name, String variant, String language, Words words) {
    return switch (name) {
      case "IBAN" ->
          as("IBAN", variant.equals("lower") ? lower(Money.iban(draw)) : Money.iban(draw));
      case "CARD" -> as("CREDIT_CARD", Money.card(draw));
      case "SSN" -> as("SSN", ssn());
      case "IP4" -> as("IP", faker.internet().ipV4Address());
      case "IP6" -> as("IP", ip6());
      case "MAC" -> as("MAC", mac());
      case "BTC" -> as("CRYPTO", Money.bitcoin(draw));
      case "BECH" -> as("CRYPTO", Money.segwit(draw));
      case "ETH" -> as("CRYPTO", "0x" + draw.chars("0123456789abcdef", 40));
      case "EMAIL" -> as("EMAIL", email(variant));
      case "USER" -> as("USERNAME", username());
      case "DATE" -> as("DATE", date(variant, draw.between(2015, 2027)));
      case "DOB" -> as("DATE_OF_BIRTH", birthDate(variant));
      case "PASSPORT" -> as("PASSPORT", passport(language));
      case "DL" -> as("DRIVER_LICENSE", driverLicense(language));
      case "NID" -> as("NATIONAL_ID", identities.national(variant));
      case "MRN" ->
          as(
              "MEDICAL_ID",
              draw.filled(
                  draw.of("89999999", "899999", "MRN-999999", "H99999999", "A\\A-9999-99")));
      case "NHS" -> as("MEDICAL_ID", identities.nhs());
      case "MBI" -> as("MEDICAL_ID", identities.mbi());
      case "NPI" -> as("MEDICAL_ID", identities.npi());
      case "KVNR" -> as("MEDICAL_ID", identities.krankenversichertennummer());
      case "AUM" -> as("MEDICAL_ID", identities.australianMedicare());
      case "ACCOUNT" ->
          as(
              "BANK_ACCOUNT",
              draw.filled(draw.of("89999999", "8999999999", "899999999999", "8999-99999-99")));
      case "ROUTING" -> as("BANK_ACCOUNT", Money.routing(draw));
      case "SORT" -> as("BANK_ACCOUNT", draw.filled("89-99-99"));
      case "BIC" ->
          as(
              "BANK_ACCOUNT",
              draw.filled("AAAA")
                  + draw.of("DE", "FR", "GB", "US", "NL")
                  + draw.of("FF", "2L", "33")
                  + draw.of("", "XXX"));
      case "IFSC" -> as("BANK_ACCOUNT", draw.filled("AAAA0999999"));
      case "PHONE" -> as("PHONE", phone(variant));
      case "URL" -> as("URL", url());
      case "URLCRED", "DBURL" -> withCredentials(Secrets.url(name, username(), draw));
      case "ADDR" ->
          as(
              "ADDRESS",
              variant.endsWith(":lower")
                  ? lower(address(variant.substring(0, 3)))
                  : address(variant));
      case "KEY" -> as("PASSWORD_OR_SECRET", Secrets.key(variant, draw));
      case "JWT" -> as("PASSWORD_OR_SECRET", Secrets.jwt(draw));
      case "PEM" -> as("PASSWORD_OR_SECRET", Secrets.pem(draw));
      case "PW" -> as("PASSWORD_OR_SECRET", Secrets.password(draw));
      case "BEARER" ->
          as("PASSWORD_OR_SECRET", draw.chars(Draw.ALPHANUMERIC, draw.between(24, 44)));
      case "BASIC" -> as("PASSWORD_OR_SECRET", base64(username() + ":" + Secrets.password(draw)));
      case "PIN" -> as("PASSWORD_OR_SECRET", draw.filled("9999"));
      case "CVV" -> as("PASSWORD_OR_SECRET", draw.filled("899"));
      case "OTP" -> as("PASSWORD_OR_SECRET", draw.filled("899999"));
      case "P" -> as("PERSON", person(words, variant));
      case "F" ->
          as("PERSON", variant.equals("lower") ? lower(words.first(draw)) : words.first(draw));
      case "L" -> as("PERSON", words.last(draw));
      case "C" -> as("LOCATION", words.city(draw));
      case "O" -> as("ORG", words.org(draw));
      case "A" -> as("ADDRESS", address(language, words));
      default -> throw new IllegalArgumentException("no slot " + name);
    };
  }

  private static Value as(String type, String text) {
    return new Value(text, type);
  }

  /** The secret is what stands before the host. */
  private static Value withCredentials(String url) {
    return new Value(url, "PASSWORD_OR_SECRET", url.indexOf("//") + 2, url.lastIndexOf('@'));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private String person(Words words, String variant) {
    String name = words.first(draw) + " " + words.last(draw);
    return variant.equals("lower") ? lower(name) : name;
  }

  private String ssn() {
    int area = draw.between(1, 898);
    String number =
        String.format(
            "%03d%02d%04d",
            area < 666 ? area : area + 1, draw.between(1, 99), draw.between(1, 9999));
    String separator = draw.of("-", "-", "-", "-", " ", "");
    return IdentityNumbers.spaced(number, 3, 2, 4).replace(" ", separator);
  }

  private String ip6() {
    return switch (draw.between(0, 2)) {
      case 0 -> faker.internet().ipV6Address();
      case 1 -> draw.filled("2\\001:db\\8:xxxx::xxx");
      default -> draw.filled("fe\\80::xxx:xxff:fexx:xxxx");
    };
  }

  private String mac() {
    String plain = faker.internet().macAddress();
    return switch (draw.between(0, 3)) {
      case 0 -> plain.replace(':', '-').toUpperCase(Locale.ROOT);
      case 1 -> draw.filled("xxxx.xxxx.xxxx");
      default -> plain;
    };
  }

  private String email(String variant) {
    String first = ascii(english.first(draw));
    String last = ascii(english.last(draw));
    String local =
        switch (draw.between(0, 4)) {
          case 0 -> first + "." + last;
          case 1 -> first.charAt(0) + last;
          case 2 -> first + "_" + draw.between(1, 99);
          case 3 -> last + "+" + draw.of("news", "shop", "test");
          default -> draw.of("billing", "info", "orders", "hr-team", "no.reply");
        };
    String domain = faker.domain().firstLevelDomain(ascii(english.last(draw)));
    if (variant.equals("spelled")) {
      return local.replace(".", " dot ") + " at " + domain.replace(".", " dot ");
    }
    String host = draw.chance(0.2) ? "mail." + domain : domain;
    String address = local + "@" + host;
    return variant.isEmpty() && draw.chance(0.15) ? capitalised(address) : lower(address);
  }

  private static String capitalised(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static String ascii(String text) {
    return lower(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("[^a-z]", "");
  }

  private String username() {
    String first = ascii(english.first(draw));
    String last = ascii(english.last(draw));
    return switch (draw.between(0, 6)) {
      case 0 -> first.charAt(0) + last;
      case 1 -> first + draw.between(1, 999);
      case 2 -> first + "_" + last;
      case 3 -> draw.of("dark", "super", "pixel", "night", "the_real_") + first;
      case 4 -> last + "." + first;
      case 5 -> draw.of("x", "svc-", "dev") + last.substring(0, 4) + draw.between(10, 99);
      default -> first + draw.of(".", "-", "") + draw.of("codes", "writes", "89", "nl");
    };
  }

  private String birthDate(String variant) {
    return variant.isEmpty()
        ? formatted(draw.of("iso", "us", "uk", "long", "abbreviated"), "en", birthday())
        : formatted(variant, variant, birthday());
  }

  private LocalDate birthday() {
    return LocalDate.of(draw.between(1938, 2012), draw.between(1, 12), draw.between(1, 28));
  }

  private String date(String variant, int year) {
    LocalDate day = LocalDate.of(year, draw.between(1, 12), draw.between(1, 28));
    String style =
        variant.isEmpty()
            ? draw.of("iso", "us", "uk", "long", "abbreviated", "weekday", "month", "short")
            : variant;
    return formatted(style, variant.length() == 2 ? variant : "en", day);
  }

  private String formatted(String style, String language, LocalDate day) {
    String pattern =
        switch (style) {
          case "iso" -> "yyyy-MM-dd";
          case "us" -> "MM/dd/yyyy";
          case "uk" -> "d/M/yyyy";
          case "long" -> "MMMM d, yyyy";
          case "abbreviated" -> "d MMM yyyy";
          case "weekday" -> "EEEE, d MMMM yyyy";
          case "month" -> "MMMM yyyy";
          case "short" -> "MMMM d";
          case "de" -> draw.of("dd.MM.yyyy", "d. MMMM yyyy", "d.M.yy");
          case "es" -> draw.of("dd/MM/yyyy", "d 'de' MMMM 'de' yyyy");
          case "pt" -> draw.of("dd/MM/yyyy", "d 'de' MMMM 'de' yyyy");
          case "nl" -> draw.of("dd-MM-yyyy", "d MMMM yyyy");
          case "pl" -> draw.of("dd.MM.yyyy", "d MMMM yyyy");
          default -> draw.of("dd/MM/yyyy", "d MMMM yyyy"); // French, Italian
        };
    return day.format(DateTimeFormatter.ofPattern(pattern, Locale.of(language)));
  }

  private String passport(String language) {
    return draw.filled(
        switch (language) {
          case "de" -> draw.of("C\\01H99H99", "L9H99HH99");
          case "fr" -> "99AA99999";
          case "es" -> "AAA999999";
          case "it" -> "YA9999999";
          case "nl" -> "NAH999999";
          case "pl" -> "E\\A9999999";
          case "pt" -> "AA999999";
          default -> draw.of("899999999", "A99999999", "A9999999", "AA9999999");
        });
  }

  private String driverLicense(String language) {
    return draw.filled(
        switch (language) {
          case "de" -> "H99HHHHHHH9";
          case "fr" -> "999999999999";
          case "es" -> "99999999A";
          case "it" -> "U\\1A99999A";
          case "nl" -> "8999999999";
          case "pl" -> "99999/99/9999";
          case "pt" -> "89999999999";
          case "sv" -> identities.national("SE").replaceAll("\\d", "\\\\$0");
          default ->
              draw.of(
                  "A9999999", "A999-999-99-999", "A999-9999-9999", "AAAAA999999AA9AA", "99999999");
        });
  }

  /** The regions in turn, so that each has its share. */
  private String phone(String variant) {
    PhoneNumberUtil library = PhoneNumberUtil.getInstance();
    String region = PHONE_REGIONS.get(phones++ % PHONE_REGIONS.size());
    PhoneNumber example =
        library.getExampleNumberForType(
            region,
            draw.chance(0.5)
                ? PhoneNumberUtil.PhoneNumberType.MOBILE
                : PhoneNumberUtil.PhoneNumberType.FIXED_LINE);
    if (example == null) {
      throw new IllegalStateException("no number of " + region);
    }
    PhoneNumber number = new PhoneNumber().mergeFrom(example);
    do {
      long tail = draw.random().nextInt(100_000);
      number.setNationalNumber(example.getNationalNumber() / 100_000 * 100_000 + tail);
    } while (!library.isValidNumber(number));
    if (variant.equals("e164") || draw.chance(0.15)) {
      return library.format(number, PhoneNumberFormat.E164);
    }
    String text =
        library.format(
            number,
            draw.chance(0.55) ? PhoneNumberFormat.INTERNATIONAL : PhoneNumberFormat.NATIONAL);
    return switch (draw.between(0, 5)) {
      case 0 -> text.replace(' ', '-');
      case 1 -> text.replace(' ', '.');
      default -> text;
    };
  }

  private String url() {
    return draw.of("https://", "http://", "https://www.")
        + faker.domain().firstLevelDomain(ascii(english.last(draw)))
        + draw.of(
            "", "/", "/docs/start.html", "/p/" + draw.between(100, 9999), "/search?q=lamp&page=2");
  }

  private String address(String form) {
    return switch (form) {
      case "US" ->
          houseAndStreet()
              + ", "
              + english.city(draw)
              + ", "
              + draw.of("OR", "TX", "NY", "MN", "GA")
              + " "
              + draw.filled("89999");
      case "USL" ->
          houseAndStreet()
              + "\n"
              + draw.of("Apt 4B\n", "Suite 210\n", "")
              + english.city(draw)
              + ", "
              + draw.of("ID", "WA", "TN")
              + " "
              + draw.filled("89999");
      case "USS" -> houseAndStreet();
      case "UK" ->
          draw.of("Flat 3, ", "")
              + draw.between(1, 240)
              + " "
              + draw.of("Kingfisher Close", "Church Lane", "Old Mill Road")
              + ", "
              + draw.of("Leicester", "Norwich")
              + " "
              + postcode();
      case "UKL" ->
          draw.between(1, 99)
              + " "
              + draw.of("Church Lane", "Station Road", "The Crescent")
              + "\n"
              + draw.of("Leicester", "Norwich", "Stoke-on-Trent")
              + "\n"
              + postcode();
      case "AU" ->
          draw.between(1, 400)
              + " "
              + english.street(draw)
              + ", "
              + draw.of("Wollongong NSW 2500", "Ballarat VIC 3350", "Cairns QLD 4870");
      case "DES" -> address("de", Words.of("de")).replaceAll(",.*", "");
      default ->
          address(
              form.equals("BR") ? "pt" : form.equals("SE") ? "sv" : lower(form),
              Words.of(form.equals("BR") ? "pt" : form.equals("SE") ? "sv" : lower(form)));
    };
  }

  private String houseAndStreet() {
    return draw.between(1, 9800) + " " + english.street(draw);
  }

  private String postcode() {
    return draw.filled(draw.of("LE9 9AA", "NR99 9AA", "ST9 9AA"))
        .replaceAll("[CIKMOV](?=.?$)", "B");
  }

  private String address(String language, Words words) {
    String street = words.street(draw);
    int number = draw.between(1, 190);
    String city = words.city(draw);
    return switch (language) {
      case "fr" ->
          number + draw.of("", " bis") + ", " + street + ", " + draw.filled("89999") + " " + city;
      case "es" ->
          street + ", " + number + draw.of("", ", 2º B") + ", " + draw.filled("29999") + " " + city;
      case "it" -> street + ", " + number + ", " + draw.filled("89999") + " " + city;
      case "nl" ->
          street + " " + number + draw.of("", "a") + ", " + draw.filled("8999 AA") + " " + city;
      case "pl" ->
          street
              + " "
              + number
              + draw.of("", "/" + draw.between(1, 60))
              + ", "
              + draw.filled("89-999")
              + " "
              + city;
      case "pt" -> street + ", " + number + ", " + draw.filled("89999-999") + " " + city;
      case "sv" -> street + " " + number + ", " + draw.filled("899 99") + " " + city;
      default -> street + " " + number + ", " + draw.filled("89999") + " " + city;
    };
  }

  /** The remainder of a number as banks take it, letters as two digits. */
  static int mod97(String text) {
    StringBuilder digits = new StringBuilder();
    text.chars().forEach(c -> digits.append(Character.digit(c, 36)));
    return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue();
  }
}
