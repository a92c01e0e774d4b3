package io.mantle.privacy.surrogate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.value.ConversationKey;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SurrogateMintTest {
  private static final SurrogateMint MINT = SurrogateMint.load();
  private static final int PROBES = 40;

  private static ConversationKey key(String conversation) {
    return ConversationKey.derive(new byte[32], conversation.getBytes(UTF_8));
  }

  private static String mint(EntityType type, String original) {
    return mint(type, original, 0);
  }

  private static String mint(EntityType type, String original, int probe) {
    return MINT.candidate(key("one"), type, new Plaintext(original), probe);
  }

  /** One usual spelling of each type. */
  private static String sample(EntityType type) {
    return switch (type) {
      case PERSON -> "Jane Smith";
      case EMAIL -> "jane.smith@acme.com";
      case PHONE -> "+1 (212) 867-5309";
      case CREDIT_CARD -> "4111 1111 1111 1111";
      case IBAN -> "DE89 3704 0044 0532 0130 00";
      case SSN -> "078-05-1120";
      case IP -> "10.1.2.3";
      case MAC -> "00:1A:2B:3C:4D:5E";
      case CRYPTO -> "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
      case PASSWORD_OR_SECRET -> "sk-proj-abcdEFGH12345678";
      case USERNAME -> "@janesmith92";
      case ADDRESS -> "123 Main St, Springfield, IL 62704";
      case DATE_OF_BIRTH -> "1985-03-12";
      case PASSPORT -> "XG9382049";
      case DRIVER_LICENSE -> "D123-4567-8901";
      case NATIONAL_ID -> "51 824 753 556";
      case MEDICAL_ID -> "AHC-0933289";
      case BANK_ACCOUNT -> "121000358";
      case LOCATION -> "Springfield";
      case ORG -> "Acme Widgets Inc.";
      case DATE -> "March 5th, 2020";
      case URL -> "https://www.acme.com/users/jane?id=42";
    };
  }

  @Test
  void candidate_goldenKey_isWhatItAlwaysWas() {
    StringBuilder all = new StringBuilder();
    for (EntityType type : EntityType.values()) {
      all.append(type).append(": ").append(mint(type, sample(type))).append('\n');
    }
    assertThat(all.toString())
        .as("a change here changes every running conversation's surrogates")
        .isEqualTo(
            """
            PERSON: Hilary Harvey
            EMAIL: hilary.harvey@ebert.example.net
            PHONE: +1 (212) 555-0148
            CREDIT_CARD: 4625 3363 5135 6857
            IBAN: DE33 3555 3692 5815 0951 08
            SSN: 944-13-8770
            IP: 192.0.2.238
            MAC: E6:17:19:F0:1B:0A
            CRYPTO: 1RCczEgdgghbhZeZck4fZ6xoSdJtHnUZq9
            PASSWORD_OR_SECRET: sk-proj-eqsvSEOV92175723
            USERNAME: @hilaryharvey54
            ADDRESS: 237 Gerlach St, Goldnerville, IL 14268
            DATE_OF_BIRTH: 1983-01-02
            PASSPORT: OV0584718
            DRIVER_LICENSE: F904-7764-2748
            NATIONAL_ID: 84 992 875 035
            MEDICAL_ID: ZOO-7186248
            BANK_ACCOUNT: 664145102
            LOCATION: Goldnerville
            ORG: Bayer Instruments Inc.
            DATE: December 26th, 2017
            URL: https://www.ebert.example.net/nikzk/bmdd?vw=79
            """);
  }

  @ParameterizedTest
  @EnumSource
  void candidate_anyType_isTheSameFromEveryMintAndKeyInstance(EntityType type) {
    String again =
        SurrogateMintTest.SecondMint.MINT.candidate(
            key("one"), type, new Plaintext(sample(type)), 3);

    assertThat(again).isEqualTo(mint(type, sample(type), 3));
  }

  private static final class SecondMint {
    static final SurrogateMint MINT = SurrogateMint.load();
  }

  @ParameterizedTest
  @EnumSource
  void candidate_otherConversation_isAnother(EntityType type) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      seen.add(MINT.candidate(key("conversation " + i), type, new Plaintext(sample(type)), 0));
    }
    // Small spaces (three years of dates, a hundred fictional lines of one area) may repeat once.
    assertThat(seen).hasSizeGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void candidate_anyProbe_isNeverTheOriginalAndNearlyAlwaysNew(EntityType type) {
    Set<String> seen = new HashSet<>();
    for (int probe = 0; probe < PROBES; probe++) {
      String surrogate = mint(type, sample(type), probe);
      assertThat(surrogate).isNotEqualToIgnoringCase(sample(type));
      seen.add(surrogate);
    }
    assertThat(seen).hasSizeGreaterThanOrEqualTo(PROBES / 2);
  }

  @ParameterizedTest
  @EnumSource
  void candidate_anyProbe_holdsNothingThatBreaksTextAroundIt(EntityType type) {
    for (int probe = 0; probe < SurrogateTable.PROBES_MAX; probe++) {
      assertThat(mint(type, sample(type), probe)).doesNotContainPattern("[\\p{Cntrl}\"'`\\\\<>]");
    }
  }

  @ParameterizedTest
  @EnumSource
  void candidate_originalOfDigits_isANumberWithoutLeadingZero(EntityType type) {
    for (String digits :
        List.of("7", "42", "19850312", "4111111111111111", "123456789", "2125551234")) {
      for (int probe = 0; probe < PROBES; probe++) {
        assertThat(mint(type, digits, probe)).matches("[1-9][0-9]*");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void candidate_hostileOriginal_givesSomethingElse(EntityType type) {
    List<String> hostile =
        List.of(
            " ",
            "'",
            "\"",
            "@",
            "@@",
            "a@",
            "@b",
            ":",
            "::",
            "+",
            "++1",
            "-----BEGIN X-----",
            "%",
            "%zz",
            "http://",
            "\ud800",
            "\udc00x",
            "\u0000",
            "💥",
            "é",
            "ß",
            "İ",
            "张",
            "x".repeat(5000),
            "1".repeat(500),
            "1/2/3",
            "99/99/9999",
            "0",
            "-",
            "Dr.",
            "van",
            "$1\\2",
            "١٢٣٤٥",
            "\n\n",
            "a\nb",
            "00",
            "0000");
    for (String original : hostile) {
      String surrogate = mint(type, original);
      assertThat(surrogate).isNotNull();
      if (original.chars().anyMatch(c -> c < 0x80 && Character.isLetterOrDigit(c))
          && !original.contains("BEGIN")) {
        assertThat(
                Overlap.same(original, surrogate) && !original.equals("0") && original.length() > 2)
            .as("%s of type %s", original.length() > 40 ? original.length() : original, type)
            .isFalse();
      }
    }
  }

  @Test
  void person_partsOfOneName_areReplacedAlike() {
    String[] full = mint(EntityType.PERSON, "Jane Smith").split(" ", -1);

    assertThat(full).hasSize(2);
    assertThat(mint(EntityType.PERSON, "Jane")).isEqualTo(full[0]);
    assertThat(mint(EntityType.PERSON, "Smith")).isEqualTo(full[1]);
    assertThat(mint(EntityType.PERSON, "Dr. Jane Smith"))
        .isEqualTo("Dr. " + full[0] + " " + full[1]);
    assertThat(mint(EntityType.PERSON, "Smith, Jane")).isEqualTo(full[1] + ", " + full[0]);
    assertThat(mint(EntityType.PERSON, "Mrs Smith's")).isEqualTo("Mrs " + full[1] + "'s");
    assertThat(mint(EntityType.PERSON, "Jane Q. Smith"))
        .matches(full[0] + " [A-PR-Z]\\. " + full[1]);
    assertThat(mint(EntityType.EMAIL, "jane.smith@acme.com"))
        .startsWith((full[0] + "." + full[1] + "@").toLowerCase(Locale.ROOT));
    assertThat(mint(EntityType.USERNAME, "janesmith"))
        .isEqualTo((full[0] + full[1]).toLowerCase(Locale.ROOT));
  }

  @Test
  void person_spellingsOfOneName_areSpellingsOfOneSurrogate() {
    String name = mint(EntityType.PERSON, "Jane Smith");

    assertThat(mint(EntityType.PERSON, "JANE SMITH")).isEqualTo(name.toUpperCase(Locale.ROOT));
    assertThat(mint(EntityType.PERSON, "jane smith")).isEqualTo(name.toLowerCase(Locale.ROOT));
    assertThat(mint(EntityType.PERSON, "Jane  Smith")).isEqualTo(name.replace(" ", "  "));
  }

  @ParameterizedTest
  @CsvSource({
    "Dr. Jane Smith, 'Dr\\. \\w{4,} \\w{4,}'",
    "Anne-Marie O''Brien, '\\w{4,}-\\w{4,} \\w{4,}'",
    "Ludwig van Beethoven, '\\w{4,} van \\w{4,}'",
    "'King, Martin L. Jr.', '\\w{4,}, \\w{4,} [A-Z]\\. Jr\\.'",
    "Frau Prof. Schmidt, 'Frau Prof\\. \\w{4,}'",
    "J. Smith, '[A-IK-Z]\\. \\w{4,}'",
    "bob, '[a-z]{4,}'",
    "BOB, '[A-Z]{4,}'",
  })
  void person_anyShape_keepsIt(String original, String shape) {
    for (int probe = 0; probe < PROBES; probe++) {
      assertThat(mint(EntityType.PERSON, original, probe)).matches(shape);
    }
  }

  @Test
  void person_knownGender_isKept() {
    WordLists lists = WordLists.load();
    for (String woman : List.of("Jane", "Mary", "Elizabeth", "Agnieszka", "Giulia", "Jennifer")) {
      for (int probe = 0; probe < 24; probe++) {
        assertThat(lists.genderOf(mint(EntityType.PERSON, woman, probe)))
            .isEqualTo(WordLists.Gender.FEMALE);
      }
    }
    for (String man : List.of("John", "James", "Carlos", "Hans", "Giovanni")) {
      for (int probe = 0; probe < 24; probe++) {
        assertThat(lists.genderOf(mint(EntityType.PERSON, man, probe)))
            .isEqualTo(WordLists.Gender.MALE);
      }
    }
  }

  @Test
  void person_usualWords_areNeverHandedOut() {
    WordLists lists = WordLists.load();
    Set<String> handedOut = new HashSet<>();
    for (WordLists.Gender gender : WordLists.Gender.values()) {
      handedOut.addAll(lists.everyFirstName(gender, ""));
    }
    handedOut.addAll(lists.everyLastName(""));

    assertThat(handedOut)
        .hasSizeGreaterThan(5_000)
        .doesNotContain(
            "April",
            "Will",
            "Mark",
            "Grace",
            "May",
            "Rose",
            "Hope",
            "Art",
            "June",
            "August",
            "Paris",
            "Georgia",
            "Young",
            "Baker",
            "King",
            "Hill",
            "Virginia",
            "Summer",
            "Brown")
        .allMatch(name -> name.matches("[A-Z][a-z]{3,}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jane.smith@acme.com",
        "JANE.SMITH@ACME.COM",
        "Jane.Smith@Acme.com",
        "jsmith@mail.acme.co.uk",
        "info@acme.de",
        "x@y.z",
        "a.b-c_d+tag@acme.org",
        "müller@straße.de",
        "12345@qq.com"
      })
  void email_anyAddress_isAtAHostThatNobodyOwns(String original) {
    String local = original.substring(0, original.indexOf('@')).toLowerCase(Locale.ROOT);
    for (int probe = 0; probe < PROBES; probe++) {
      String surrogate = mint(EntityType.EMAIL, original, probe).toLowerCase(Locale.ROOT);
      assertThat(surrogate).matches("[\\p{L}0-9.+_-]+@[a-z]+\\.example\\.(?:com|org|net)");
      if (local.length() >= 4) {
        assertThat(surrogate).doesNotContain(local);
      }
    }
  }

  @Test
  void email_colleagues_shareASurrogateHost() {
    String one = mint(EntityType.EMAIL, "jane@acme.com");
    String other = mint(EntityType.EMAIL, "bob@acme.com", 5);

    assertThat(one.substring(one.indexOf('@'))).isEqualTo(other.substring(other.indexOf('@')));
    assertThat(mint(EntityType.URL, "https://acme.com/x"))
        .startsWith("https://" + one.substring(one.indexOf('@') + 1) + "/");
  }

  @ParameterizedTest
  @CsvSource({
    "+1 (212) 867-5309, \\+1 \\(212\\) 555-01\\d\\d",
    "212-867-5309, 212-555-01\\d\\d",
    "2128675309, 21255501\\d\\d",
    "1.212.867.5309, 1\\.212\\.555\\.01\\d\\d",
    "+1-212-867-5309 x123, \\+1-212-555-01\\d\\d x[1-9]\\d\\d",
    "867-5309, 555-01\\d\\d",
    "+44 7911 123456, \\+44 7700 900\\d{3}",
    "+44 (0)20 7123 1234, \\+44 \\(0\\)20 7946 0\\d{3}",
    "+33 6 12 34 56 78, \\+33 6 39 98 \\d\\d \\d\\d",
    "+49 30 1234567, \\+49 30 \\d{7}",
    "0049 171 1234567, 0049 17\\d \\d{7}",
    "06 12 34 56 78, 06 \\d\\d \\d\\d \\d\\d \\d\\d",
  })
  void phone_anyLayout_keepsItAndUsesFictionalNumbers(String original, String shape) {
    for (int probe = 0; probe < 10; probe++) {
      assertThat(mint(EntityType.PHONE, original, probe)).matches(shape).isNotEqualTo(original);
    }
  }

  @Test
  void phone_spellingsOfOneNumber_haveTheSameDigits() {
    assertThat(mint(EntityType.PHONE, "212-867-5309").replaceAll("\\D", ""))
        .isEqualTo(mint(EntityType.PHONE, "(212) 867 5309").replaceAll("\\D", ""))
        .isEqualTo(mint(EntityType.PHONE, "+1 212 867 5309").replaceAll("\\D", "").substring(1));
  }

  @ParameterizedTest
  @CsvSource({
    "4111 1111 1111 1111, 4",
    "4222222222222, 4",
    "5500-0000-0000-0004, 55",
    "2223003122003222, 2223",
    "378282246310005, 37",
    "6011111111111117, 6011",
    "3530111333300000, 3530",
    "30569309025904, 305",
  })
  void card_anyBrand_isKeptAndValid(String original, String brand) {
    for (int probe = 0; probe < PROBES; probe++) {
      String surrogate = mint(EntityType.CREDIT_CARD, original, probe);
      assertThat(layout(surrogate)).isEqualTo(layout(original));
      assertThat(surrogate).startsWith(brand);
      assertThat(luhnSum(surrogate) % 10).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "gb29 nwbk 6016 1331 9268 19",
        "FR1420041010050500013M02606", "NL91 ABNA 0417 1643 00", "MT84MALT011000012345MTLCAST001S"
      })
  void iban_anyCountry_isKeptAndValid(String original) {
    for (int probe = 0; probe < PROBES; probe++) {
      String surrogate = mint(EntityType.IBAN, original, probe);
      assertThat(layout(surrogate)).isEqualTo(layout(original));
      assertThat(surrogate).startsWith(original.substring(0, 2)).isNotEqualTo(original);
      assertThat(mod97(surrogate)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"078-05-1120", "078051120", "219 09 9999"})
  void ssn_anyLayout_isOneThatIsNeverIssued(String original) {
    for (int probe = 0; probe < PROBES; probe++) {
      String surrogate = mint(EntityType.SSN, original, probe);
      assertThat(layout(surrogate)).isEqualTo(layout(original));
      assertThat(surrogate.replaceAll("\\D", "")).matches("9\\d\\d[0-4]\\d\\d{4}");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, V4",
    "192.168.1.10:8080, V4:8080",
    "10.0.0.0/8, V4/8",
    "fe80::1, 2001:db8::[1-9a-f][0-9a-f]{3}",
    "2a00:1450:4001:81b:0:0:0:200e, 2001:db8(?::[1-9a-f][0-9a-f]{3}){6}",
    "FE80::ABCD%eth0, 2001:DB8::[1-9A-F][0-9A-F]{3}%eth0",
    "[::1]:443, \\[2001:db8::[1-9a-f][0-9a-f]{3}\\]:443",
    "2001:db8::/32, 2001:db8::[0-9a-f]{4}/32",
  })
  void ip_anyAddress_isInANetForDocumentation(String original, String shape) {
    String quad = "(?:192\\.0\\.2|198\\.51\\.100|203\\.0\\.113)\\.\\d{3}";
    for (int probe = 0; probe < 10; probe++) {
      assertThat(mint(EntityType.IP, original, probe)).matches(shape.replace("V4", quad));
    }
    if (shape.contains("V4")) {
      assertThat(mint(EntityType.IP, original, 20)).startsWith("198.1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"00:1A:2B:3C:4D:5E", "00-1a-2b-3c-4d-5e", "001a.2b3c.4d5e", "001A2B3C4D5E"})
  void mac_anyLayout_isLocallyAdministered(String original) {
    String surrogate = mint(EntityType.MAC, original);

    assertThat(surrogate.replaceAll("[0-9a-fA-F]", "h"))
        .isEqualTo(original.replaceAll("[0-9a-fA-F]", "h"));
    assertThat(Integer.parseInt(surrogate.substring(0, 2), 16) & 3).isEqualTo(2);
    assertThat(surrogate)
        .isEqualTo(
            original.contains("a")
                ? surrogate.toLowerCase(Locale.ROOT)
                : surrogate.toUpperCase(Locale.ROOT));
  }

  @ParameterizedTest
  @CsvSource({
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa, 1[1-9A-HJ-NP-Za-km-z]{33}",
    "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq, bc1q[02-9ac-hj-np-z]{38}",
    "0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe, 0x[0-9a-f]{40}",
  })
  void crypto_anyKind_keepsPrefixAlphabetAndLength(String original, String shape) {
    assertThat(mint(EntityType.CRYPTO, original)).matches(shape);
  }

  @ParameterizedTest
  @CsvSource({
    "sk-proj-abcdEFGH12345678ijkl, sk-proj-",
    "sk-abcdEFGH12345678ijkl, sk-",
    "ghp_abcdEFGH12345678ijklMNOPqrst90123456, ghp_",
    "AKIAIOSFODNN7EXAMPLE, AKIA",
    "xoxb-123456789012-abcdEFGHijkl, xoxb-",
    "hunter2, ''",
    "admin:s3cr3t!, ''",
    "Tr0ub4dor&3, ''",
    "correct horse battery staple, ''",
  })
  void secret_anyKind_keepsLengthClassesAndPrefixAndNothingElse(String original, String prefix) {
    for (int probe = 0; probe < PROBES; probe++) {
      String surrogate = mint(EntityType.PASSWORD_OR_SECRET, original, probe);
      assertThat(layout(surrogate)).isEqualTo(layout(original));
      assertThat(surrogate).startsWith(prefix);
      assertThat(sharedRun(original.substring(prefix.length()), surrogate)).isLessThan(4);
    }
  }

  @Test
  void secret_privateKey_keepsFrameAndLines() {
    String original =
        """
        -----BEGIN RSA PRIVATE KEY-----
        MIIEpAIBAAKCAQEA75/a+b
        abcd==
        -----END RSA PRIVATE KEY-----
        """;
    String surrogate = mint(EntityType.PASSWORD_OR_SECRET, original);

    assertThat(surrogate)
        .matches(
            "-{5}BEGIN RSA PRIVATE KEY-{5}\n[A-Z]{4}[a-z][A-Z]{11}\\d\\d/[a-z]\\+[a-z]\n[a-z]{4}==\n-{5}END RSA PRIVATE KEY-{5}\n");
  }

  @Test
  void secret_webToken_looksLikeOne() {
    assertThat(
            mint(
                EntityType.PASSWORD_OR_SECRET,
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N"))
        .matches("eyJ[\\w-]{17}\\.eyJ[\\w-]{16}\\.[\\w-]{22}");
  }

  @ParameterizedTest
  @CsvSource({
    "1985-03-12, \\d{4}-\\d\\d-\\d\\d",
    "12.03.1985, \\d\\d\\.\\d\\d\\.\\d{4}",
    "3/25/85, '\\d{1,2}/\\d\\d/\\d\\d'",
    "'March 5th, 1985', '[A-Z][a-z]+ \\d{1,2}(?:st|nd|rd|th), 19\\d\\d'",
    "5. März 1985, '\\d{1,2}\\. \\p{Lu}\\p{L}+ 19\\d\\d'",
    "5 MAY 1985, '\\d{1,2} [A-Z]+ 19\\d\\d'",
    "19850312, 19\\d{6}",
    "1985, 19\\d\\d",
    "2020-12-17T10:30:00Z, 20\\d\\d-\\d\\d-\\d\\dT10:30:00Z",
    "Jan 2021, '[A-Z][a-z]{2,3} 20\\d\\d'",
    "last Friday, last [A-Z][a-z]+day",
  })
  void date_anyFormat_isKept(String original, String shape) {
    for (int probe = 0; probe < PROBES; probe++) {
      assertThat(mint(EntityType.DATE_OF_BIRTH, original, probe))
          .matches(shape)
          .isNotEqualTo(original);
    }
  }

  @Test
  void date_allOfOneConversation_moveByTheSameDays() {
    LocalDate start = LocalDate.of(1960, 1, 1);
    Set<Long> shifts = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      LocalDate date = start.plusDays(i * 37L);
      LocalDate iso = LocalDate.parse(mint(EntityType.DATE, date.toString()));
      shifts.add(ChronoUnit.DAYS.between(iso, date));
      assertThat(mint(EntityType.DATE_OF_BIRTH, date.toString())).isEqualTo(iso.toString());
    }
    assertThat(shifts).hasSize(1).allMatch(days -> days > 366 && days < 1096);
  }

  @ParameterizedTest
  @CsvSource({
    "'123 Main St, Springfield, IL 62704', '[1-9]\\d\\d \\w+ St, [\\w ]+, IL [1-9]\\d{4}'",
    "'Hauptstraße 5, 10115 Berlin', '\\p{L}+straße [1-9], [1-9]\\d{4} [\\w ]+'",
    "'12 rue de la Paix, 75002 Paris', '[1-9]\\d rue de la \\w+, [1-9]\\d{4} [\\w ]+'",
  })
  void address_anyCountry_keepsLayout(String original, String shape) {
    for (int probe = 0; probe < PROBES; probe++) {
      assertThat(mint(EntityType.ADDRESS, original, probe)).matches(shape);
    }
  }

  @Test
  void address_overLines_keepsThem() {
    assertThat(mint(EntityType.ADDRESS, "10 Downing Street\nLondon SW1A 2AA"))
        .matches("[1-9]\\d \\w+ Street\n[A-Z][a-z]+ [A-Z]{2}\\d[A-Z] \\d[A-Z]{2}");
  }

  @ParameterizedTest
  @CsvSource({
    "Acme Inc., [A-Z][a-z]+ Inc\\.",
    "Siemens AG, [A-Z][a-z]+ AG",
    "'Goldman Sachs Group, Inc.', '[A-Z][a-z]+ [A-Z][a-z]+ Group, Inc\\.'",
    "Charité, [A-Z][a-z]+",
  })
  void org_anyForm_keepsIt(String original, String shape) {
    assertThat(mint(EntityType.ORG, original)).matches(shape);
  }

  @Test
  void location_countryStateOrTown_isReplacedByItsLike() {
    WordLists lists = WordLists.load();

    assertThat(lists.countries()).contains(mint(EntityType.LOCATION, "Germany"));
    assertThat(lists.states()).contains(mint(EntityType.LOCATION, "Texas"));
    assertThat(mint(EntityType.LOCATION, "LONDON")).matches("[A-Z]+");
  }

  @ParameterizedTest
  @CsvSource({
    "https://www.acme.com/users/jane?id=42#top, https://www\\.\\w+\\.example\\.\\w{3}/[a-z]{5}/[a-z]{4}\\?[a-z]{2}=\\d\\d#[a-z]{3}",
    "https://a.b.c/x%20y/report.pdf, https://\\w+\\.example\\.\\w{3}/[a-z]%20[a-z]/[a-z]{6}\\.pdf",
    "http://10.0.0.1:8080/, http://[0-9.]+:8080/",
    "acme.com, \\w+\\.example\\.\\w{3}",
  })
  void url_anyLink_keepsShape(String original, String shape) {
    assertThat(mint(EntityType.URL, original)).matches(shape);
  }

  @Test
  void candidate_randomSpellings_shareNoRunWithASecret() {
    Random random = new Random(7);
    String alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_!$.:";
    for (int i = 0; i < 3_000; i++) {
      StringBuilder original = new StringBuilder();
      int length = 4 + random.nextInt(40);
      for (int j = 0; j < length; j++) {
        original.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      for (EntityType type :
          List.of(EntityType.PASSWORD_OR_SECRET, EntityType.USERNAME, EntityType.PASSPORT)) {
        assertThat(sharedRun(original.toString(), mint(type, original.toString()))).isLessThan(4);
      }
    }
  }

  @Test
  void below_manyDraws_isWithoutBias() {
    KeyedStream stream = new KeyedStream(key("bias"), new byte[8]);
    int[] counts = new int[10];
    for (int i = 0; i < 100_000; i++) {
      counts[stream.below(10)]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(9_600, 10_400);
    }
    for (int i = 0; i < 1_000; i++) {
      assertThat(stream.below(1_000_000)).isBetween(0, 999_999);
    }
  }

  /** Written again here, so that an error in the code under test does not check itself. */
  private static int luhnSum(String card) {
    int sum = 0;
    boolean twice = false;
    for (int i = card.length() - 1; i >= 0; i--) {
      if (Character.isDigit(card.charAt(i))) {
        int digit = (card.charAt(i) - '0') * (twice ? 2 : 1);
        sum += digit / 10 + digit % 10;
        twice = !twice;
      }
    }
    return sum;
  }

  private static int mod97(String iban) {
    String bare = iban.replace(" ", "").toUpperCase(Locale.ROOT);
    StringBuilder number = new StringBuilder();
    for (char c : (bare.substring(4) + bare.substring(0, 4)).toCharArray()) {
      number.append(Character.digit(c, 36));
    }
    return new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue();
  }

  private static String layout(String text) {
    return text.replaceAll("[A-Z]", "A").replaceAll("[a-z]", "a").replaceAll("[0-9]", "0");
  }

  /** The length of the longest run of letters and digits that both have, without regard to case. */
  private static int sharedRun(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    int longest = 0;
    for (int i = 0; i < a.length(); i++) {
      for (int j = 0; j < b.length(); j++) {
        int length = 0;
        while (i + length < a.length()
            && j + length < b.length()
            && a.charAt(i + length) == b.charAt(j + length)
            && Character.isLetterOrDigit(a.charAt(i + length))) {
          length++;
        }
        longest = Math.max(longest, length);
      }
    }
    return longest;
  }
}
