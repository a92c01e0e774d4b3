package io.mantle.privacy.surrogate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.privacy.value.ConversationKey;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SurrogateTableTest {
  private static final SurrogateMint MINT = SurrogateMint.load();
  private static final ConversationKey KEY =
      ConversationKey.derive(new byte[32], "table".getBytes(UTF_8));

  private record Value(EntityType type, String spelling) {}

  private static SurrogateTable.Builder emptyTable() {
    return new SurrogateTable.Builder(MINT, KEY, text -> false);
  }

  private static SurrogateTable tableOf(List<Value> values) {
    SurrogateTable.Builder table = emptyTable();
    values.forEach(value -> table.surrogateFor(value.type(), new Plaintext(value.spelling())));
    return table.build();
  }

  @Test
  void surrogateFor_sameSpelling_isOneEntry() {
    SurrogateTable.Builder table = emptyTable();
    String first = table.surrogateFor(EntityType.PERSON, new Plaintext("Jane Smith"));
    String again = table.surrogateFor(EntityType.PERSON, new Plaintext("Jane Smith"));

    assertThat(again).isEqualTo(first);
    assertThat(table.build().entries())
        .containsExactly(
            new SurrogateTable.Entry(EntityType.PERSON, new Plaintext("Jane Smith"), first));
    assertThat(table.build().remaps()).isZero();
  }

  @Test
  void surrogateFor_spellingsOfOneName_areSpellingsOfOneSurrogate() {
    SurrogateTable.Builder table = emptyTable();
    String title = table.surrogateFor(EntityType.PERSON, new Plaintext("Jane"));
    String upper = table.surrogateFor(EntityType.PERSON, new Plaintext("JANE"));

    assertThat(upper).isEqualTo(title.toUpperCase(Locale.ROOT));
  }

  @Test
  void surrogateFor_surnameAloneAfterFullName_agrees() {
    SurrogateTable.Builder table = emptyTable();
    String full = table.surrogateFor(EntityType.PERSON, new Plaintext("Jane Smith"));
    String surname = table.surrogateFor(EntityType.PERSON, new Plaintext("Smith"));
    String titled = table.surrogateFor(EntityType.PERSON, new Plaintext("Ms. Smith"));

    assertThat(full).endsWith(" " + surname);
    assertThat(titled).isEqualTo("Ms. " + surname);
  }

  /** Also of a surname that no list has: the book knows it from the name. */
  @Test
  void surrogateFor_accountMadeOfANameInTheRequest_isMadeOfItsSurrogate() {
    SurrogateTable.Builder table = emptyTable();
    String name = table.surrogateFor(EntityType.PERSON, new Plaintext("Priya Zorblaxan"));
    String surname = name.substring(name.indexOf(' ') + 1).toLowerCase(Locale.ROOT);

    assertThat(table.surrogateFor(EntityType.USERNAME, new Plaintext("pzorblaxan88")))
        .matches("[a-z]" + Pattern.quote(surname) + "[0-9]{2}");
    assertThat(table.surrogateFor(EntityType.USERNAME, new Plaintext("priya.zorblaxan")))
        .isEqualTo(name.replace(' ', '.').toLowerCase(Locale.ROOT));
  }

  @Test
  void surrogateFor_candidateInTheRequest_movesOnInKeyedOrderEveryTime() {
    Plaintext jane = new Plaintext("Jane Smith");
    Set<String> taken =
        Set.of(
            MINT.candidate(KEY, EntityType.PERSON, jane, 0),
            MINT.candidate(KEY, EntityType.PERSON, jane, 1));
    for (int i = 0; i < 3; i++) {
      SurrogateTable.Builder table = new SurrogateTable.Builder(MINT, KEY, taken::contains);

      assertThat(table.surrogateFor(EntityType.PERSON, jane))
          .isEqualTo(MINT.candidate(KEY, EntityType.PERSON, jane, 2));
      assertThat(table.build().remaps()).isEqualTo(1);
    }
  }

  @Test
  void surrogateFor_everythingTaken_refuses() {
    SurrogateTable.Builder table = new SurrogateTable.Builder(MINT, KEY, text -> true);

    assertThatThrownBy(() -> table.surrogateFor(EntityType.PERSON, new Plaintext("Jane Smith")))
        .isInstanceOf(SurrogatesExhausted.class)
        .hasMessageNotContaining("Jane");
    assertThat(table.build().isEmpty()).isTrue();
  }

  @Test
  void surrogateFor_moreValuesOfOneDigitThanDigits_refuses() {
    SurrogateTable.Builder table = emptyTable();

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10; i++) {
                table.surrogateFor(EntityType.PASSPORT, new Plaintext(Integer.toString(i)));
              }
            })
        .isInstanceOf(SurrogatesExhausted.class);
  }

  @Test
  void surrogateFor_fullTable_refusesNewValuesOnly() {
    SurrogateTable.Builder table = new SurrogateTable.Builder(MINT, KEY, text -> false, 2);
    String jane = table.surrogateFor(EntityType.PERSON, new Plaintext("Jane Smith"));
    table.surrogateFor(EntityType.PERSON, new Plaintext("Bob Brown"));

    assertThatThrownBy(() -> table.surrogateFor(EntityType.PERSON, new Plaintext("Eve Black")))
        .isInstanceOf(SurrogatesExhausted.class);
    assertThat(table.surrogateFor(EntityType.PERSON, new Plaintext("Jane Smith"))).isEqualTo(jane);
  }

  @Test
  void build_sameValuesInSameOrder_isTheSameTableAndLaterValuesChangeNothing() {
    List<Value> values = manyValues(new Random(1), 2_000);
    SurrogateTable whole = tableOf(values);
    SurrogateTable part = tableOf(values.subList(0, 700));

    assertThat(tableOf(values).entries()).isEqualTo(whole.entries());
    assertThat(whole.entries()).startsWith(part.entries().toArray(SurrogateTable.Entry[]::new));
  }

  @Test
  void build_thousandsOfValues_noSurrogateEqualsAnotherOrStartsItWithinAWord() {
    List<SurrogateTable.Entry> entries = tableOf(manyValues(new Random(2), 6_000)).entries();
    List<String> sorted = entries.stream().map(SurrogateTable.Entry::surrogate).sorted().toList();
    Set<String> names = new HashSet<>();
    for (SurrogateTable.Entry entry : entries) {
      switch (entry.type()) {
        case PERSON, EMAIL, USERNAME -> names.add(entry.surrogate());
        default -> {}
      }
    }
    for (int i = 0; i < sorted.size(); i++) {
      String start = sorted.get(i);
      for (int j = i + 1; j < sorted.size() && sorted.get(j).startsWith(start); j++) {
        // "Juliet" may start "Juliet Pons", and no more than a name may so start a name.
        assertThat(names).contains(start, sorted.get(j));
        assertThat(sorted.get(j).charAt(start.length())).matches(c -> !Character.isLetter(c));
      }
    }
    Map<String, String> folded = new HashMap<>();
    for (SurrogateTable.Entry entry : entries) {
      String identity = entry.type() + "/" + MINT.identity(entry.type(), entry.original());
      assertThat(folded.merge(Casing.fold(entry.surrogate()), identity, (known, now) -> known))
          .isEqualTo(identity);
    }
  }

  @Test
  void build_thousandsOfNames_noWordStandsForTwo() {
    Map<String, String> owners = new HashMap<>();
    for (SurrogateTable.Entry entry : tableOf(manyValues(new Random(3), 4_000)).entries()) {
      if (entry.type() == EntityType.PERSON) {
        String[] from = entry.original().reveal().toLowerCase(Locale.ROOT).split("\\W+", -1);
        String[] to = entry.surrogate().toLowerCase(Locale.ROOT).split("\\W+", -1);
        assertThat(to).hasSameSizeAs(from);
        for (int i = 0; i < to.length; i++) {
          assertThat(owners.merge(to[i], from[i], (known, now) -> known)).isEqualTo(from[i]);
        }
      }
    }
    assertThat(owners).hasSizeGreaterThan(500);
  }

  @Test
  void build_spellingsOfOneValue_haveSurrogatesOfTheirOwn() {
    List<Value> values = new ArrayList<>();
    for (String phone :
        List.of(
            "212-867-5309",
            "(212) 867-5309",
            "212.867.5309",
            "2128675309",
            "+1 212 867 5309",
            "+12128675309",
            "1-212-867-5309")) {
      values.add(new Value(EntityType.PHONE, phone));
    }
    for (String name :
        List.of("Jane Smith", "JANE SMITH", "jane smith", "Jane  Smith", "jAne sMith")) {
      values.add(new Value(EntityType.PERSON, name));
    }
    for (String card : List.of("4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111")) {
      values.add(new Value(EntityType.CREDIT_CARD, card));
    }
    for (String date :
        List.of("1985-03-12", "12.03.1985", "12 March 1985", "March 12, 1985", "03/12/85")) {
      values.add(new Value(EntityType.DATE_OF_BIRTH, date));
    }
    Set<String> surrogates = new HashSet<>();
    tableOf(values).entries().forEach(entry -> surrogates.add(entry.surrogate()));

    assertThat(surrogates).hasSameSizeAs(values);
  }

  @Test
  void toString_ofTableAndEntry_showsNoContents() {
    SurrogateTable table = tableOf(List.of(new Value(EntityType.PERSON, "Jane Smith")));

    assertThat(table.toString()).isEqualTo("SurrogateTable[1 entries, 0 remaps]");
    assertThat(table.entries().getFirst().toString()).isEqualTo("Entry[PERSON]");
  }

  private static List<Value> manyValues(Random random, int count) {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String first = word(random, 3 + random.nextInt(5));
      String last = word(random, 4 + random.nextInt(6));
      int number = random.nextInt(1_000_000);
      values.add(
          switch (random.nextInt(9)) {
            case 0 -> new Value(EntityType.PERSON, first);
            case 1 -> new Value(EntityType.PERSON, first + " " + last);
            case 2 -> new Value(EntityType.PERSON, (first + " " + last).toUpperCase(Locale.ROOT));
            case 3 -> new Value(EntityType.EMAIL, Casing.fold(first + "." + last + "@acme.com"));
            case 4 -> new Value(EntityType.PHONE, "+49 30 " + (1_000_000 + number));
            case 5 -> new Value(EntityType.IP, "10." + number % 250 + ".1." + number % 97);
            case 6 -> new Value(EntityType.PASSWORD_OR_SECRET, last + number);
            case 7 -> new Value(EntityType.MEDICAL_ID, "MRN-" + number);
            default -> new Value(EntityType.CREDIT_CARD, "4" + (100_000_000_000_000L + number));
          });
    }
    return values;
  }

  private static String word(Random random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
