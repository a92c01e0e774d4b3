package io.mantle.privacy.detect.training;

import io.mantle.privacy.detect.training.LabelledText.Entity;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import net.datafaker.Faker;

/**
 * Writes labelled texts from templates of our own: prompts, chats, mail, tickets, records and logs
 * that hold names, addresses, dates and numbers of people, and code, logs, headings and prose that
 * hold none. Names come from Datafaker (Apache-2.0) in many locales and from {@link WordLists}.
 *
 * <p>The same seed and lists write the same texts.
 */
final class SyntheticTexts {
  /** What these texts mark; everything else in them is nothing. */
  static final Set<String> ANNOTATED =
      Set.of("PERSON", "LOCATION", "ORG", "ADDRESS", "DATE", "ID", "PHONE", "USERNAME");

  private static final int POOL_DRAWS = 1_500;

  private static final List<String> LOCALES =
      List.of(
          "en-US", "en-US", "en-US", "en-US", "en-GB", "en-GB", "en-IN", "en-NG", "en-AU", "de",
          "de", "de", "de-AT", "fr", "fr", "es", "es", "it", "it", "nl", "nl", "pl", "pt-BR",
          "sv-SE", "nb-NO", "da-DK", "fi-FI", "cs-CZ", "hu", "tr", "ro-MD", "hr", "id-ID", "es-MX");

  private final Random random;
  private final WordLists lists;
  private final List<Names> names = new ArrayList<>();
  private final List<String> companies;
  private Names locale;
  private final StringBuilder text = new StringBuilder();
  private List<Entity> entities = new ArrayList<>();
  private int dateStyle;

  private record Names(
      String country, List<String> first, List<String> last, List<String> streets) {}

  SyntheticTexts(long seed, WordLists lists) {
    random = new Random(seed);
    this.lists = lists;
    for (String tag : LOCALES) {
      Locale of = Locale.forLanguageTag(tag);
      Faker faker = new Faker(of, new Random(seed));
      String country = of.getCountry().isEmpty() ? countryOf(of.getLanguage()) : of.getCountry();
      names.add(
          new Names(
              country,
              pool(() -> faker.name().firstName()),
              pool(() -> faker.name().lastName()),
              pool(() -> faker.address().streetName())));
    }
    Faker english = new Faker(Locale.US, new Random(seed));
    List<String> all = new ArrayList<>(pool(() -> english.company().name()).subList(0, 600));
    Faker german = new Faker(Locale.GERMANY, new Random(seed));
    all.addAll(pool(() -> german.company().name()).subList(0, 300));
    companies = List.copyOf(all);
    locale = names.get(0);
  }

  /** Puts the names of all locales on the lists. */
  void teach(WordLists to, int firstName, int lastName) {
    for (Names of : names) {
      to.addAll(of.first, firstName);
      to.addAll(of.last, lastName);
    }
  }

  private static String countryOf(String language) {
    return switch (language) {
      case "de" -> "DE";
      case "fr" -> "FR";
      case "es" -> "ES";
      case "it" -> "IT";
      case "nl" -> "NL";
      case "pl" -> "PL";
      case "hu" -> "HU";
      case "tr" -> "TR";
      case "hr" -> "HR";
      default -> "US";
    };
  }

  private static List<String> pool(Supplier<String> source) {
    Set<String> pool = new LinkedHashSet<>();
    for (int i = 0; i < POOL_DRAWS; i++) {
      pool.add(source.get());
    }
    return List.copyOf(pool);
  }

  /** {@code count} texts with private data and a third as many without. */
  List<LabelledText> write(int count) {
    List<LabelledText> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> from = random.nextInt(4) == 0 ? Phrases.WITH_NAMES : Templates.PRIVATE;
      texts.add(recased(fill("synthetic/with/" + i, from)));
    }
    for (int i = 0; i < count / 3; i++) {
      List<String> from = random.nextInt(4) == 0 ? Templates.NUMBERS : Phrases.WITHOUT_NAMES;
      texts.add(fill("synthetic/without/" + i, from));
    }
    for (int i = 0; i < count / 15; i++) {
      texts.add(fill("synthetic/accounts/" + i, Accounts.PRIVATE));
      texts.add(fill("synthetic/no accounts/" + i, Accounts.NONE));
    }
    return texts;
  }

  /** Mostly one template; sometimes several, or one amid two without names. */
  private LabelledText fill(String id, List<String> templates) {
    text.setLength(0);
    entities = new ArrayList<>();
    locale = pick(names);
    dateStyle = random.nextInt(16);
    String joint = random.nextBoolean() ? "\n" : random.nextBoolean() ? " " : "\n\n";
    switch (random.nextInt(6)) {
      case 0 -> {
        expand(pick(Phrases.WITHOUT_NAMES));
        text.append(joint);
        expand(pick(templates));
        text.append(joint);
        expand(pick(Phrases.WITHOUT_NAMES));
      }
      case 1 -> {
        int more = 1 + random.nextInt(3);
        expand(pick(templates));
        for (int i = 0; i < more; i++) {
          text.append(joint);
          expand(pick(templates));
        }
      }
      default -> expand(pick(templates));
    }
    return new LabelledText(id, text.toString(), entities, ANNOTATED);
  }

  private void expand(String template) {
    int at = 0;
    while (at < template.length()) {
      int open = template.indexOf('{', at);
      int close = open < 0 ? -1 : template.indexOf('}', open);
      if (close < 0) {
        text.append(template, at, template.length());
        return;
      }
      String slot = template.substring(open + 1, close);
      if (!slot.chars().allMatch(Character::isLetter) || slot.isEmpty()) {
        text.append(template, at, open + 1);
        at = open + 1;
        continue;
      }
      text.append(template, at, open);
      slot(slot);
      at = close + 1;
    }
  }

  private void put(String value, String type) {
    int start = text.length();
    text.append(value);
    entities.add(new Entity(start, text.length(), type));
  }

  private void slot(String slot) {
    switch (slot) {
      case "person" -> put(person(), "PERSON");
      case "first" -> put(first(), "PERSON");
      case "last" -> put(last(), "PERSON");
      case "city" -> put(city(), "LOCATION");
      case "region" -> put(region(), "LOCATION");
      case "statecode" -> put(pick(Vocabulary.STATE_CODES), "LOCATION");
      case "zip" -> put(digits("#####"), "LOCATION");
      case "org" -> put(organisation(), "ORG");
      case "address" -> put(address(), "ADDRESS");
      case "title" -> text.append(pick(Vocabulary.TITLES));
      case "suffix" -> text.append(pick(Vocabulary.SUFFIXES));
      case "date" -> put(date(), "DATE");
      case "year" -> put(String.valueOf(1930 + random.nextInt(100)), "DATE");
      case "month" -> put(pick(Vocabulary.MONTHS), "DATE");
      case "weekday", "Day" -> put(pick(Vocabulary.ENGLISH_WEEKDAYS), "DATE");
      case "phone" -> put(phone(), "PHONE");
      case "passport" -> put(code("?########", "#########", "??#######", "?#######"), "ID");
      case "licence" ->
          put(
              code("?#######", "?###-####-####", "########", "?????######??#??", "##-###-###"),
              "ID");
      case "account" ->
          put(
              code("##########", "########", "#### #### ####", "###-#####-#", "????##########"),
              "ID");
      case "routing" -> put(code("#########", "### ### ##", "########"), "ID");
      case "medical" ->
          put(code("##########", "?######", "MRN-######", "#### ##### #", "#######"), "ID");
      case "ssn" -> put(code("###-##-####", "### ## ####", "#########"), "ID");
      case "national" ->
          put(
              code(
                  "#### #### ####",
                  "?????####?",
                  "### ### ###",
                  "?? ## ## ## ?",
                  "########?",
                  "##-#######",
                  "### ### ####",
                  "??######?",
                  "###########",
                  "######-####",
                  "???###????",
                  "###.###.###-##"),
              "ID");
      case "card" ->
          put(code("4### #### #### ####", "5###############", "37## ###### #####"), "CARD");
      case "iban" -> put(code("DE## #### #### #### #### ##", "GB##????##############"), "CARD");
      case "email" -> put(username() + "@" + host(), "EMAIL");
      case "username" -> put(username(), "USERNAME");
      // Rules know what an at sign marks; the tagger need not.
      case "handle" -> put(username(), "HANDLE");
      case "host" -> text.append(host());
      case "ip" -> put(digits("1##.##.#.##"), "IP");
      case "start" -> text.append(pick(Phrases.STARTS));
      case "Start" -> text.append(capitalised(pick(Phrases.STARTS)));
      case "word" -> text.append(pick(Phrases.WORDS));
      case "Word" -> text.append(capitalised(pick(Phrases.WORDS)));
      case "WORD" -> text.append(pick(Phrases.WORDS).toUpperCase(Locale.ROOT));
      case "Heading" -> text.append(heading());
      case "Tech" -> text.append(pick(Phrases.TECHNOLOGIES));
      case "id" -> text.append(identifier());
      case "n" -> text.append(number());
      case "number" -> text.append(random.nextInt((int) StrictMath.pow(10, 5 + random.nextInt(4))));
      case "version" ->
          text.append(random.nextInt(30))
              .append('.')
              .append(random.nextInt(40))
              .append('.')
              .append(random.nextInt(20));
      case "bignumber" -> text.append(1_600_000_000 + random.nextInt(200_000_000));
      case "hex" -> text.append(Integer.toHexString(random.nextInt()));
      case "uuid" ->
          text.append(
              String.format(
                  "%08x-%04x-4%03x-a%03x-%012x",
                  random.nextInt(),
                  random.nextInt(1 << 16),
                  random.nextInt(1 << 12),
                  random.nextInt(1 << 12),
                  random.nextLong() >>> 16));
      case "csv" -> csv();
      case "json" -> json();
      case "form" -> form();
      case "list" -> list();
      case "chat" -> chat();
      case "mail" -> mail();
      case "ticket" -> ticket();
      case "code" -> code();
      case "log" -> log();
      default -> text.append('{').append(slot).append('}');
    }
  }

  private static final Map<String, List<String>> KEYS =
      Map.ofEntries(
          Map.entry(
              "person",
              List.of(
                  "name",
                  "full_name",
                  "Name",
                  "customer",
                  "Full Name",
                  "contact",
                  "patient",
                  "author",
                  "manager",
                  "Employee",
                  "owner",
                  "recipient",
                  "Contact person",
                  "cardholder")),
          Map.entry(
              "first", List.of("first_name", "firstName", "First Name", "given_name", "Vorname")),
          Map.entry("last", List.of("last_name", "lastName", "Last Name", "surname", "Nachname")),
          Map.entry(
              "address",
              List.of(
                  "address",
                  "Address",
                  "street_address",
                  "shipping_address",
                  "home",
                  "Adresse",
                  "Billing Address",
                  "residence",
                  "location")),
          Map.entry(
              "city",
              List.of("city", "City", "town", "place_of_birth", "Ort", "location", "Stadt")),
          Map.entry(
              "region", List.of("country", "Country", "state", "region", "nationality", "Land")),
          Map.entry(
              "org",
              List.of("company", "Company", "employer", "organization", "bank", "Firma", "vendor")),
          Map.entry(
              "date",
              List.of(
                  "dob",
                  "date",
                  "birth_date",
                  "DOB",
                  "Date",
                  "created",
                  "hired",
                  "expires",
                  "birthday",
                  "Geburtsdatum",
                  "date_of_birth",
                  "Issue Date")),
          Map.entry(
              "phone",
              List.of(
                  "phone",
                  "Phone",
                  "mobile",
                  "tel",
                  "Telephone",
                  "fax",
                  "Telefon",
                  "contact_number")),
          Map.entry("email", List.of("email", "Email", "e-mail", "mail", "E-Mail")),
          Map.entry("passport", List.of("passport", "passport_number", "Passport No")),
          Map.entry("account", List.of("account", "account_number", "Account No.", "bank_account")),
          Map.entry(
              "national",
              List.of(
                  "national_id",
                  "tax_id",
                  "id_number",
                  "National ID",
                  "Tax ID",
                  "insurance_number")),
          Map.entry("ssn", List.of("ssn", "SSN", "social_security_number")),
          Map.entry(
              "medical", List.of("mrn", "MRN", "medical_record", "insurance_id", "health_id")),
          Map.entry("licence", List.of("driver_license", "license_number", "Driver's License")),
          Map.entry(
              "username",
              List.of(
                  "username",
                  "login",
                  "user",
                  "User",
                  "actor",
                  "author",
                  "assignee",
                  "owner",
                  "created_by",
                  "nickname",
                  "member")),
          Map.entry("n", List.of("age", "id", "count", "total", "price", "qty", "score", "size")),
          Map.entry(
              "word",
              List.of("status", "type", "role", "note", "department", "category", "subject")),
          Map.entry("Heading", List.of("title", "Product", "Department", "Position", "Status")),
          Map.entry("uuid", List.of("id", "uuid", "request_id", "session")));

  private static final List<String> KEYED = KEYS.keySet().stream().sorted().toList();

  private static final List<String> PEOPLE_FIRST =
      List.of("person", "first", "last", "person", "address", "email", "phone", "city", "date");

  private List<String> fields(int most) {
    Set<String> fields = new LinkedHashSet<>();
    int count = 2 + random.nextInt(most);
    for (int i = 0; i < count; i++) {
      fields.add(random.nextBoolean() ? pick(PEOPLE_FIRST) : pick(KEYED));
    }
    return List.copyOf(fields);
  }

  /** One of the names that a field has in records. */
  private String key(String field) {
    return pick(KEYS.getOrDefault(field, List.of(field)));
  }

  private void csv() {
    List<String> fields = fields(6);
    String mark = pick(List.of(",", ",", ";", "\t", " | ", ", "));
    boolean quoted = random.nextInt(3) == 0;
    boolean header = random.nextInt(5) > 0;
    if (header) {
      for (int i = 0; i < fields.size(); i++) {
        text.append(i > 0 ? mark : "").append(key(fields.get(i)));
      }
      text.append('\n');
    }
    int rows = 1 + random.nextInt(5);
    for (int row = 0; row < rows; row++) {
      locale = pick(names);
      for (int i = 0; i < fields.size(); i++) {
        text.append(i > 0 ? mark : "").append(quoted ? "\"" : "");
        slot(fields.get(i));
        text.append(quoted ? "\"" : "");
      }
      text.append(row < rows - 1 ? "\n" : "");
    }
  }

  private void json() {
    boolean spaced = random.nextBoolean();
    int count = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1;
    text.append(count > 1 ? "[" : "");
    for (int item = 0; item < count; item++) {
      text.append(item > 0 ? (spaced ? ",\n" : ",") : "").append(spaced ? "{\n" : "{");
      List<String> fields = fields(6);
      for (int i = 0; i < fields.size(); i++) {
        text.append(i > 0 ? (spaced ? ",\n" : ",") : "")
            .append(spaced ? "  \"" : "\"")
            .append(key(fields.get(i)))
            .append(spaced ? "\": " : "\":");
        boolean bare = fields.get(i).equals("n");
        text.append(bare ? "" : "\"");
        slot(fields.get(i));
        text.append(bare ? "" : "\"");
      }
      text.append(spaced ? "\n}" : "}");
    }
    text.append(count > 1 ? "]" : "");
  }

  private void form() {
    List<String> fields = fields(8);
    String mark = pick(List.of(": ", ": ", ":", " = ", "=", " - ", ":\n", "\t"));
    String between = pick(List.of("\n", "\n", "\n", ", ", "; ", "\n- "));
    for (int i = 0; i < fields.size(); i++) {
      text.append(i > 0 ? between : "").append(key(fields.get(i))).append(mark);
      slot(fields.get(i));
    }
  }

  private void list() {
    String field = pick(List.of("person", "person", "first", "city", "org", "address", "region"));
    String mark = pick(List.of("\n- ", "\n", ", ", "\n* ", "; ", " and "));
    int count = 2 + random.nextInt(5);
    if (mark.startsWith("\n")) {
      text.append(
          pick(List.of("Attendees:", "The list:", "Team:", "Here is what I have:", "Kunden:", "")));
    }
    for (int i = 0; i < count; i++) {
      text.append(i > 0 || mark.startsWith("\n") ? mark : "");
      locale = pick(names);
      slot(field);
    }
  }

  private static final List<String> SAID =
      List.of(
          "are you there?",
          "yes, one moment please",
          "can {first} join?",
          "ok",
          "I am in {city} until {weekday}",
          "my number is {phone}",
          "did {person} send the {word}?",
          "lol no",
          "I will ask {first}.",
          "Sure! My address is {address}.",
          "thanks",
          "what about {date}?",
          "Let me check the {word}.",
          "hi {first}",
          "How can I help you today?",
          "I work for {org} now",
          "Good morning {title} {last}",
          "the {word} is broken again",
          "{person} here, I can't log in",
          "see you in {city}");

  private void chat() {
    String one = random.nextInt(3) == 0 ? "User" : first();
    String two = random.nextInt(3) == 0 ? "Assistant" : random.nextBoolean() ? "Agent" : first();
    int turns = 2 + random.nextInt(4);
    for (int i = 0; i < turns; i++) {
      String who = i % 2 == 0 ? one : two;
      text.append(i > 0 ? "\n" : "");
      if (who.equals("User") || who.equals("Assistant") || who.equals("Agent")) {
        text.append(who);
      } else {
        put(who, "PERSON");
      }
      text.append(": ");
      expand(pick(SAID));
    }
  }

  private void mail() {
    expand(
        pick(
            List.of(
                "From: {person} <{email}>\nTo: {person} <{email}>\nDate: {date}\nSubject: {Heading}\n\n",
                "Subject: {Heading}\n\n",
                "To: {email}\n\n",
                "",
                "")));
    expand(
        pick(
            List.of(
                "Dear {title} {last},\n\n",
                "Hi {first},\n\n",
                "Hello {person},\n\n",
                "{first},\n\n",
                "Hallo {first},\n\n",
                "Sehr geehrte Frau {last},\n\n",
                "Bonjour {first},\n\n",
                "Hola {first},\n\n",
                "Dear all,\n\n",
                "Hello team,\n\n")));
    int lines = 1 + random.nextInt(3);
    for (int i = 0; i < lines; i++) {
      expand(pick(Templates.PRIVATE.subList(0, 150)));
      text.append(random.nextBoolean() ? " " : "\n");
    }
    expand(
        pick(
            List.of(
                "\n\nBest regards,\n{person}",
                "\n\nThanks,\n{first}",
                "\n\n{person}\n{org}\n{address}\nTel: {phone}",
                "\n\nMit freundlichen Grüßen\n{person}\n{org}",
                "\n-- \n{person}\n{Heading}, {org}\n{phone} | {email}",
                "\n\nCheers\n{first}",
                "\n\nKind regards\n\n{person}\n{Heading}")));
  }

  private void ticket() {
    expand(
        pick(
            List.of(
                "Ticket #{n}\nReporter: {person}\nAssignee: {first} {last}\nPriority: High\n\n{Start} the {word} {word}, {person} ({email}) from {org} called {weekday}. Callback {phone}.",
                "Case {n}: {person}, customer since {year}, wants the {word} sent to {address}. Account {account}.",
                "[{id}-{n}] {Heading}\nCustomer: {org}\nContact: {person}, {phone}\nDescription: the {word} does not {word} since {date}.",
                "Incident {n}: user {username} ({person}) reported from {city} that {word} is {word}.")));
  }

  private void code() {
    expand(
        pick(
            List.of(
                "def test_{word}():\n    user = User(name=\"{person}\", city=\"{city}\")\n    assert user.{word} == {n}",
                "INSERT INTO users (name, city, phone) VALUES ('{person}', '{city}', '{phone}');",
                "User {word} = new User(\"{first}\", \"{last}\", {n});",
                "const {word} = { name: '{person}', address: '{address}', born: '{date}' };",
                "# Author: {person} <{email}>\nimport {word}\n\nclass {Word}({Word}):\n    pass",
                "SELECT * FROM customers WHERE last_name = '{last}' AND city = '{city}';",
                "// TODO({first}): fix the {word} in {id}()",
                "/** @author {person} */\npublic final class {Word}{Word} {}")));
  }

  private void log() {
    int lines = 1 + random.nextInt(4);
    for (int i = 0; i < lines; i++) {
      text.append(i > 0 ? "\n" : "");
      expand(
          pick(
              List.of(
                  "{date} INFO  [main] {id}.{Word} - started in {n} ms",
                  "{date} WARN  [{word}-{n}] o.s.{word}.{Word} : {Heading}",
                  "{date} ERROR Customer {person} not found",
                  "{date} DEBUG request_id={uuid} status={n} user={username}",
                  "level=info msg=\"mail sent\" to={email} name=\"{person}\"",
                  "\tat org.{word}.{Word}.{word}({Word}.java:{n})",
                  "{Word}{Word}Exception: {Start} {word} {n}")));
    }
  }

  private String person() {
    String first = first();
    String last = last();
    return switch (random.nextInt(24)) {
      case 0 -> first + " " + initial() + ". " + last;
      case 1 -> initial() + ". " + last;
      case 2 -> first + " " + first() + " " + last;
      case 3 -> first + " " + last + "-" + last();
      case 4 -> last + ", " + first;
      case 5 -> first + "-" + first() + " " + last;
      case 6 -> initial() + "." + initial() + ". " + last;
      case 7 -> first + " " + initial() + " " + last;
      case 8 ->
          first
              + " "
              + pick(List.of(
                      "von", "van", "de", "van der", "de la", "di", "Mc", "O'", "al-", "bin"))
                  .concat(" ")
                  .replace("' ", "'")
                  .replace("- ", "-")
                  .replace("Mc ", "Mc")
              + last;
      case 9 -> first + " " + last + " " + last();
      default -> first + " " + last;
    };
  }

  private String first() {
    return random.nextInt(4) == 0 ? skewed(lists.firstNames) : pick(locale.first);
  }

  private String last() {
    return switch (random.nextInt(40)) {
      case 0 -> invented();
      case 1, 2, 3, 4, 5, 6, 7, 8, 9 -> skewed(lists.lastNames);
      default -> pick(locale.last);
    };
  }

  /** Names that no list holds. */
  private String invented() {
    StringBuilder word = new StringBuilder();
    int parts = 2 + random.nextInt(2);
    for (int i = 0; i < parts; i++) {
      word.append(
          pick(
              List.of(
                  "ba", "ke", "lo", "mi", "ra", "shu", "tan", "vor", "zel", "qua", "dri", "fen",
                  "gor", "hal", "jin", "ny", "ost", "pel", "rix", "sto", "thu", "wen", "yor", "cha",
                  "bru", "kov", "ski", "ez", "sen")));
    }
    return capitalised(word.toString());
  }

  private String city() {
    return switch (random.nextInt(6)) {
      case 0 -> pick(lists.cities);
      case 1 -> pick(lists.largeCities);
      case 2 -> pick(Phrases.CITIES);
      default -> localCity();
    };
  }

  private String localCity() {
    List<String> local = lists.citiesByCountry.get(locale.country);
    return local == null ? pick(lists.cities) : pick(local);
  }

  private String region() {
    return random.nextInt(3) == 0 ? pick(lists.regions) : pick(Vocabulary.REGIONS);
  }

  private String organisation() {
    if (random.nextInt(4) == 0) {
      return pick(lists.brands);
    }
    return switch (random.nextInt(22)) {
      case 0, 1, 2 -> pick(Phrases.COMPANIES);
      case 3, 4, 5 -> pick(Vocabulary.ORGANISATIONS);
      case 6, 7 -> pick(companies);
      case 8 -> last() + " & " + last();
      case 9 -> last() + ", " + last() + " and " + last();
      case 10 -> last() + "-" + last();
      case 11 ->
          pick(
                  List.of(
                      "University of ",
                      "Bank of ",
                      "City of ",
                      "Museum of ",
                      "Universität ",
                      "FC ",
                      "Bistum ",
                      "Landgericht "))
              + city();
      case 12 ->
          city()
              + " "
              + pick(
                  List.of(
                      "University",
                      "Airport",
                      "Hospital",
                      "United",
                      "College",
                      "Bank",
                      "FC",
                      "Police Department",
                      "Times",
                      "Stadtwerke"));
      case 13 -> capitalised(pick(Phrases.WORDS)) + capitalised(pick(Phrases.WORDS));
      case 14 ->
          capitalised(pick(Phrases.WORDS))
              + " "
              + capitalised(pick(Phrases.WORDS))
              + " "
              + pick(Vocabulary.COMPANY_ENDS);
      case 15 -> invented();
      case 16 -> invented() + " " + pick(Vocabulary.COMPANY_ENDS);
      case 17 ->
          ""
              + initial()
              + initial()
              + initial()
              + (random.nextBoolean() ? " " + pick(Vocabulary.COMPANY_ENDS) : "");
      case 18 ->
          capitalised(pick(Phrases.WORDS))
              + pick(
                  List.of(
                      "soft", "tech", "ly", "ify", "Net", "Web", "Corp", ".com", ".io", "Media"));
      case 19 ->
          pick(
                  List.of(
                      "Department of ",
                      "Ministry of ",
                      "Institute of ",
                      "Institut für ",
                      "Association of ",
                      "Bureau of ",
                      "Office of "))
              + capitalised(pick(Phrases.WORDS));
      case 20 ->
          "The "
              + capitalised(pick(Phrases.WORDS))
              + " "
              + pick(List.of("Company", "Group", "Store", "Agency", "Club", "Foundation"));
      default -> last() + " " + pick(Vocabulary.COMPANY_ENDS);
    };
  }

  private String address() {
    String joint = random.nextInt(4) == 0 ? "\n" : random.nextInt(12) == 0 ? " " : ", ";
    int parts = random.nextInt(10);
    boolean streetOnly = parts < 3;
    boolean withCountry = parts == 9;
    String country = random.nextInt(4) > 0 ? locale.country : "US";
    String street;
    String place;
    switch (country) {
      case "DE", "AT" -> {
        street = street("DE", true) + houseNumber();
        place = digits("#####") + " " + localCity();
      }
      case "FR" -> {
        street =
            houseNumber().strip()
                + pick(List.of(" ", " ", ", ", " bis ", " ter "))
                + street("FR", false);
        place = digits("#####") + " " + localCity();
      }
      case "ES", "MX" -> {
        street =
            street("ES", true)
                + pick(List.of(" ", ", "))
                + houseNumber().strip()
                + pick(List.of("", "", ", 2º B", ", 1º izq.", " bajo"));
        place = digits("#####") + " " + localCity();
      }
      case "IT" -> {
        street = street("IT", true) + pick(List.of(" ", ", ")) + houseNumber().strip();
        place = digits("#####") + " " + localCity() + pick(List.of("", " (RM)", " MI", " (TO)"));
      }
      case "NL" -> {
        street = street("NL", true) + houseNumber();
        place = digits("####") + " " + initial() + initial() + " " + localCity();
      }
      case "PL" -> {
        street =
            street("PL", true)
                + " "
                + random.nextInt(1, 200)
                + pick(List.of("", "/" + random.nextInt(1, 80), " m. " + random.nextInt(1, 40)));
        place = digits("##-###") + " " + localCity();
      }
      case "BR" -> {
        street =
            street("BR", true)
                + ", "
                + random.nextInt(1, 3000)
                + pick(List.of("", "", " - apto 12", ", Centro"));
        place =
            localCity()
                + pick(List.of(" - SP", ", RJ", "/MG", ""))
                + pick(List.of(", ", " "))
                + digits("#####-###");
      }
      case "SE", "NO", "DK", "FI" -> {
        street = street("SE", true) + houseNumber();
        place = digits(country.equals("SE") ? "### ##" : "####") + " " + localCity();
      }
      case "IN" -> {
        street = random.nextInt(1, 500) + pick(List.of(", ", "/A, ", " ")) + street("IN", false);
        place = localCity() + pick(List.of(" - ", " ", ", ")) + digits("######");
      }
      case "GB" -> {
        street =
            pick(List.of("", "", "Flat " + random.nextInt(1, 30) + ", "))
                + random.nextInt(1, 300)
                + " "
                + englishStreet();
        place =
            localCity()
                + pick(List.of(" ", ", ", "\n"))
                + initial()
                + initial()
                + random.nextInt(1, 20)
                + " "
                + random.nextInt(1, 9)
                + initial()
                + initial();
      }
      case "AU" -> {
        street =
            pick(List.of("", "", "Unit " + random.nextInt(1, 30) + "/"))
                + random.nextInt(1, 300)
                + " "
                + englishStreet();
        place =
            localCity()
                + " "
                + pick(List.of("NSW", "VIC", "QLD", "WA", "SA"))
                + " "
                + digits("####");
      }
      case "HU", "TR", "HR", "CZ", "MD", "ID", "NG" -> {
        street =
            random.nextBoolean()
                ? pick(locale.streets) + houseNumber()
                : houseNumber().strip() + " " + pick(locale.streets);
        place =
            random.nextBoolean()
                ? digits("#####") + " " + localCity()
                : localCity() + " " + digits("####");
      }
      default -> {
        String number = digits(pick(List.of("#", "##", "###", "####", "#####")));
        street =
            switch (random.nextInt(14)) {
              case 0 -> "P.O. Box " + digits("####");
              case 1 -> "PSC " + digits("####") + ", Box " + digits("####");
              case 2 -> "Unit " + digits("####") + " Box " + digits("####");
              case 3 -> number + " " + pick(locale.last) + " " + pick(Vocabulary.STREET_ENDS);
              case 4 ->
                  number
                      + " "
                      + pick(List.of("N", "S", "E", "W", "North", "South", "NW"))
                      + " "
                      + englishStreet();
              case 5 -> englishStreet() + " " + number;
              case 6 -> "the corner of " + englishStreet() + " and " + englishStreet();
              case 7 -> number + " " + pick(locale.streets);
              default -> number + " " + englishStreet();
            };
        street +=
            switch (random.nextInt(10)) {
              case 0 -> pick(List.of(" ", ", ", "\n")) + "Apt. " + digits("###");
              case 1 -> pick(List.of(" ", ", ", "\n")) + "Suite " + digits("###");
              case 2 -> " #" + digits("##");
              default -> "";
            };
        String in =
            random.nextBoolean()
                ? pick(lists.citiesByCountry.getOrDefault("US", lists.cities))
                : city();
        place =
            in
                + pick(List.of(", ", " ", "\n, ", ","))
                + pick(Vocabulary.STATE_CODES.subList(0, 51))
                + pick(List.of(" ", " ", "\n ", ", "))
                + digits(pick(List.of("#####", "#####", "#####-####")));
        if (random.nextInt(5) == 0) {
          place = in + pick(List.of(" ", ", ", "\n")) + digits("#####");
        }
      }
    }
    if (random.nextInt(14) == 0) {
      return place + joint + street;
    }
    if (streetOnly) {
      return random.nextInt(3) == 0 ? street + joint + localCity() : street;
    }
    return street
        + joint
        + place
        + (withCountry ? joint + pick(lists.regions.subList(0, 240)) : "");
  }

  private String street(String country, boolean alone) {
    if (random.nextInt(4) > 0) {
      return pick(Vocabulary.STREETS.getOrDefault(country, Vocabulary.STREET_NAMES));
    }
    return switch (country) {
      case "DE" ->
          pick(locale.last)
              + pick(
                  List.of("straße", "weg", "allee", "gasse", "platz", "str.", "-Straße", "damm"));
      case "FR" ->
          pick(List.of("rue ", "avenue ", "boulevard ", "place ", "chemin "))
              + pick(List.of("de ", "du ", "", "des ", "de la "))
              + pick(locale.last);
      case "ES" ->
          pick(List.of("Calle ", "Avenida ", "Plaza ", "C/ ", "Paseo "))
              + pick(List.of("de ", "", "del "))
              + pick(locale.last);
      case "IT" -> pick(List.of("Via ", "Viale ", "Piazza ", "Corso ")) + pick(locale.last);
      case "NL" ->
          pick(locale.last) + pick(List.of("straat", "laan", "weg", "plein", "kade", "hof"));
      case "PL" -> pick(List.of("ul. ", "al. ", "os. ")) + pick(locale.last);
      case "BR" -> pick(List.of("Rua ", "Avenida ", "Travessa ")) + pick(locale.last);
      case "SE" ->
          pick(locale.last)
              + pick(List.of("gatan", "vägen", "gata", "torget", "gade", "vej", "katu"));
      default ->
          pick(alone ? Vocabulary.STREET_NAMES : locale.last) + " " + pick(Vocabulary.STREET_ENDS);
    };
  }

  private String englishStreet() {
    String name =
        random.nextInt(3) == 0
            ? skewed(lists.lastNames)
            : random.nextInt(6) == 0 ? pick(lists.cities) : pick(Vocabulary.STREET_NAMES);
    return name + " " + pick(Vocabulary.STREET_ENDS);
  }

  private String houseNumber() {
    int number = random.nextInt(1, random.nextInt(4) == 0 ? 999 : 120);
    return " " + number + pick(List.of("", "", "", "", "", "a", "b", " A", "-" + (number + 2)));
  }

  private String date() {
    int year = 1930 + random.nextInt(100);
    int month = 1 + random.nextInt(12);
    int day = 1 + random.nextInt(28);
    List<String> months = Vocabulary.FOREIGN_MONTHS.getOrDefault(locale.country, Vocabulary.MONTHS);
    if (random.nextInt(3) == 0) {
      months = Vocabulary.MONTHS;
    }
    String name = months.get(month - 1);
    int style = random.nextInt(5) == 0 ? random.nextInt(22) : dateStyle;
    return switch (style) {
      case 0, 16 -> String.format("%d-%02d-%02d", year, month, day);
      case 1 -> String.format("%02d/%02d/%d", month, day, year);
      case 2 -> String.format("%d/%d/%02d", month, day, year % 100);
      case 3 -> String.format("%02d.%02d.%d", day, month, year);
      case 4 -> name + " " + day + ", " + year;
      case 5 -> day + " " + name + " " + year;
      case 6 -> day + ". " + name + " " + year;
      case 7 -> Vocabulary.SHORT_MONTHS.get(month - 1) + " " + day + ", " + year;
      case 8 -> name + " " + year;
      case 9 -> String.format("%d-%02d-%02d %02d:%02d:%02d", year, month, day, day % 24, day, day);
      case 10 -> name + " " + day;
      case 11 ->
          day
              + pick(List.of("st", "nd", "rd", "th"))
              + (random.nextBoolean() ? " of " : " ")
              + name;
      case 12 -> day + " de " + name + " de " + year;
      case 13 ->
          String.format("%d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, day % 24, day, day);
      case 14 -> name + " " + day + pick(List.of("st", "nd", "rd", "th")) + ", " + year;
      case 15 -> String.format("%d-%s-%d", day, Vocabulary.SHORT_MONTHS.get(month - 1), year);
      case 17 -> day + "/" + month;
      case 18 -> day + "." + month + ".";
      case 19 -> pick(Vocabulary.ENGLISH_WEEKDAYS) + ", " + name + " " + day;
      case 20 -> String.format("%d/%02d/%02d", year, month, day);
      default -> day + " " + Vocabulary.SHORT_MONTHS.get(month - 1) + " " + year;
    };
  }

  private String phone() {
    return digits(
        switch (locale.country) {
          case "DE", "AT" ->
              pick(
                  List.of(
                      "+49 ## #######",
                      "0## / ######",
                      "01## #######",
                      "(0###) ######",
                      "+49 (0)1## #######",
                      "0### ######"));
          case "FR" ->
              pick(List.of("0# ## ## ## ##", "+33 # ## ## ## ##", "0#.##.##.##.##", "0#########"));
          case "ES", "MX" ->
              pick(List.of("### ### ###", "+34 ### ## ## ##", "6########", "### ## ## ##"));
          case "IT" ->
              pick(List.of("+39 ### #######", "0## ### ####", "3## ### ####", "03## #######"));
          case "NL" ->
              pick(List.of("06-########", "+31 6 ########", "0##-#######", "06 ## ## ## ##"));
          case "PL" ->
              pick(List.of("### ### ###", "+48 ### ### ###", "(##) ### ## ##", "## ### ## ##"));
          case "BR" -> pick(List.of("(##) 9####-####", "+55 ## #####-####", "(##) ####-####"));
          case "GB" ->
              pick(
                  List.of(
                      "07### ######",
                      "+44 7### ######",
                      "020 #### ####",
                      "(0####) ######",
                      "0### ### ####",
                      "077 #### ####"));
          case "IN" -> pick(List.of("+91 ##### #####", "9#########", "0## ########"));
          case "AU" -> pick(List.of("04## ### ###", "(0#) #### ####", "+61 4## ### ###"));
          case "SE", "NO", "DK", "FI" ->
              pick(
                  List.of(
                      "07#-### ## ##",
                      "+46 7# ### ## ##",
                      "## ## ## ##",
                      "### ## ###",
                      "0### ## ## ##",
                      "### ####"));
          default ->
              pick(
                  List.of(
                      "(###) ###-####",
                      "###-###-####",
                      "### ### ####",
                      "+1 ###-###-####",
                      "###.###.####",
                      "1-###-###-####",
                      "##########",
                      "(###)###-####x###",
                      "001-###-###-####",
                      "###-###-####x#####",
                      "###-####",
                      "+1 (###) ###-####"));
        });
  }

  private String code(String... patterns) {
    return digits(patterns[random.nextInt(patterns.length)]);
  }

  /** {@code #} becomes a digit, {@code ?} a capital. */
  private String digits(String pattern) {
    StringBuilder out = new StringBuilder(pattern);
    for (int i = 0; i < out.length(); i++) {
      if (out.charAt(i) == '#') {
        out.setCharAt(i, (char) ('0' + random.nextInt(i == 0 ? 1 : 0, 10)));
      } else if (out.charAt(i) == '?') {
        out.setCharAt(i, initial());
      }
    }
    return out.toString();
  }

  private String username() {
    String first = plain(first());
    String last = plain(last());
    String word = pick(Phrases.WORDS);
    return switch (random.nextInt(28)) {
      case 0, 1, 2, 3 -> first.charAt(0) + last;
      case 22 -> first + "_" + last.charAt(0);
      case 23 -> first + "." + last.charAt(0);
      case 24 -> word + "_" + pick(Phrases.WORDS);
      case 25 -> "xX_" + capitalised(word) + "_Xx";
      case 26 -> first + "_" + pick(List.of("the", "de", "of", "du", "real", "x")) + "_" + word;
      case 27 -> capitalised(first) + capitalised(word);
      case 4 -> last + first.charAt(0);
      case 5, 6 -> first + "." + last;
      case 7 -> first.charAt(0) + "." + last;
      case 8 -> first + "_" + last;
      case 9 -> first + last;
      case 10 -> first + last.charAt(0);
      case 11 -> first + random.nextInt(100);
      case 12 -> first + "_" + random.nextInt(2_100);
      case 13 -> first.charAt(0) + last + random.nextInt(100);
      case 14 -> first + "." + last + random.nextInt(100);
      case 15 -> capitalised(first) + "_" + capitalised(last) + random.nextInt(100);
      case 16 -> capitalised(first) + random.nextInt(100);
      case 17 -> word + first;
      case 18 -> word + "_" + pick(Phrases.WORDS) + random.nextInt(1_000);
      case 19 -> capitalised(word) + capitalised(pick(Phrases.WORDS)) + random.nextInt(1_000);
      case 20 -> first + "-" + word;
      default -> word + pick(Phrases.WORDS) + random.nextInt(100);
    };
  }

  /** A name as an account may have it: small letters without accents or marks. */
  private static String plain(String name) {
    String ascii =
        Normalizer.normalize(name.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
            .replaceAll("[^a-z]", "");
    return ascii.isEmpty() ? "kim" : ascii;
  }

  private String host() {
    return pick(
        List.of(
            "example.com",
            "example.org",
            "mail.example.net",
            pick(Phrases.WORDS) + ".com",
            pick(Phrases.WORDS) + pick(Phrases.WORDS) + ".org"));
  }

  private String number() {
    return String.valueOf(
        switch (random.nextInt(4)) {
          case 0 -> random.nextInt(10);
          case 1 -> random.nextInt(100);
          case 2 -> random.nextInt(1_000);
          default -> random.nextInt(20_000);
        });
  }

  private char initial() {
    return (char) ('A' + random.nextInt(26));
  }

  private String heading() {
    StringBuilder heading = new StringBuilder();
    int words = 1 + random.nextInt(4);
    for (int i = 0; i < words; i++) {
      heading.append(i > 0 ? " " : "").append(capitalised(pick(Phrases.WORDS)));
    }
    return heading.toString();
  }

  private String identifier() {
    String first = pick(Phrases.WORDS);
    String second = capitalised(pick(Phrases.WORDS));
    return switch (random.nextInt(4)) {
      case 0 -> first + second;
      case 1 -> capitalised(first) + second;
      case 2 -> first + "_" + second.toLowerCase(Locale.ROOT);
      default -> first.toUpperCase(Locale.ROOT) + "_" + second.toUpperCase(Locale.ROOT);
    };
  }

  /** Some texts in capitals and some without any, as people type. */
  private LabelledText recased(LabelledText text) {
    int variant = random.nextInt(10);
    if (variant > 1) {
      return text;
    }
    String written =
        variant == 0 ? text.text().toLowerCase(Locale.ROOT) : text.text().toUpperCase(Locale.ROOT);
    // A few letters change their length with their case; such a text stays as it is.
    return written.length() == text.text().length()
        ? new LabelledText(text.id(), written, text.entities(), text.annotated())
        : text;
  }

  /** Rather one of the first of a list that is ordered by frequency. */
  private String skewed(List<String> list) {
    double at = random.nextDouble();
    return list.get((int) (at * at * list.size()));
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static String capitalised(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
