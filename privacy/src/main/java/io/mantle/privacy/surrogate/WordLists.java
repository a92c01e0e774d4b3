package io.mantle.privacy.surrogate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.datafaker.service.FakeValuesService;
import net.datafaker.service.FakerContext;
import net.datafaker.service.RandomService;
import org.jspecify.annotations.Nullable;

/**
 * The words that surrogates are made of, read once from Datafaker's lists. Immutable.
 *
 * <p>What is taken as a surrogate is chosen strictly (at least four letters, nothing that is also a
 * usual word, a month or a place): a word of an answer that merely looks like a surrogate would be
 * restored. What is recognised as a name is all that the lists hold.
 */
final class WordLists {
  /** Changes when the same lists would be used in another way. */
  private static final String RULES_VERSION = "2";

  private static final int NAME_LETTERS_MIN = 4;

  /** Few names of a gender would be handed out too often: better one of the other lists then. */
  private static final int POOL_WORDS_MIN = 20;

  /** The lists read, in the order in which they are asked whose a name is. */
  enum Language {
    ENGLISH("en", "address.state", false),
    GERMAN("de", "address.state", false),
    FRENCH("fr", "address.city_name", false),
    SPANISH("es", "address.city_prefix", true),
    ITALIAN("it", "address.state", true),
    POLISH("pl", "address.city_name", true),
    PORTUGUESE("pt-BR", "address.city", true),
    SWEDISH("sv", "address.state", false);

    private final String tag;
    private final String placesKey;

    /** Whether a first name's last letter tells its bearer's gender, nearly always. */
    private final boolean byEnding;

    Language(String tag, String placesKey, boolean byEnding) {
      this.tag = tag;
      this.placesKey = placesKey;
      this.byEnding = byEnding;
    }
  }

  /** What is known of a first name's bearer. */
  enum Gender {
    FEMALE,
    MALE,
    EITHER
  }

  /** Names to choose from: all of them, and those that are written in ASCII. */
  record Pool(List<String> all, List<String> ascii) {
    static Pool of(Collection<String> names) {
      return new Pool(List.copyOf(names), names.stream().filter(Casing::isAscii).toList());
    }

    List<String> spelledLike(String original) {
      return Casing.isAscii(original) || all.isEmpty() ? ascii : all;
    }
  }

  /** One language's lists as Datafaker has them. */
  private record Raw(
      Set<String> female,
      Set<String> male,
      Set<String> first,
      Set<String> last,
      Set<String> places,
      Set<String> countries) {

    static Raw read(Language language) {
      Source source = new Source(language.tag);
      Set<String> plain = source.list("name.first_name");
      // Where a language has no lists by gender of its own, Datafaker answers with the English
      // ones.
      boolean gendered = plain.isEmpty();
      return new Raw(
          gendered ? source.list("name.female_first_name") : Set.of(),
          gendered ? source.list("name.male_first_name") : Set.of(),
          plain,
          source.list("name.last_name"),
          source.list(language.placesKey),
          source.list("address.country"));
    }

    Set<String> allFirst() {
      Set<String> all = new LinkedHashSet<>(female);
      all.addAll(male);
      all.addAll(first);
      return all;
    }
  }

  private final Map<Language, Map<Gender, Pool>> firstNames = new EnumMap<>(Language.class);
  private final Map<Language, Pool> lastNames = new EnumMap<>(Language.class);
  private final Map<Gender, Pool> everyFirstName = new EnumMap<>(Gender.class);
  private final Pool everyLastName;
  private final Map<String, Set<Language>> firstNameLanguages = new HashMap<>();
  private final Map<String, Set<Language>> lastNameLanguages = new HashMap<>();
  private final Map<String, Gender> genders = new HashMap<>();
  private final Map<Language, List<String>> cities = new EnumMap<>(Language.class);
  private final Set<String> countryNames = new HashSet<>();
  private final List<String> countries;
  private final List<String> states;
  private final Set<String> usualWords;
  private final byte[] version;

  private WordLists(Map<Language, Raw> raw) {
    Map<String, List<String>> preferred = preferredNames();
    Raw english = required(raw, Language.ENGLISH);
    countries = english.countries().stream().filter(WordLists::isPlace).toList();
    states = english.places().stream().filter(WordLists::isPlace).toList();

    usualWords = Set.copyOf(resourceWords("common-words.txt"));
    Set<String> excluded = resourceWords("common-words.txt");
    for (Raw lists : raw.values()) {
      lists.countries().forEach(country -> countryNames.add(Casing.fold(country)));
      lists.places().forEach(place -> excluded.add(Casing.fold(place)));
    }
    excluded.addAll(countryNames);

    raw.forEach(this::know);
    knowGenders(raw, preferred);
    Map<Gender, Set<String>> everyFirst = new EnumMap<>(Gender.class);
    Set<String> everyLast = new LinkedHashSet<>();
    raw.forEach(
        (language, lists) -> {
          Map<Gender, Set<String>> first = new EnumMap<>(Gender.class);
          for (Gender gender : Gender.values()) {
            first.put(gender, new LinkedHashSet<>());
          }
          for (String name : lists.allFirst()) {
            if (isUsable(name, excluded)) {
              Gender gender = genders.getOrDefault(Casing.fold(name), Gender.EITHER);
              required(first, gender).add(name);
              if (gender != Gender.EITHER) {
                required(first, Gender.EITHER).add(name);
              }
            }
          }
          first.forEach(
              (gender, names) ->
                  everyFirst.computeIfAbsent(gender, g -> new LinkedHashSet<>()).addAll(names));
          Set<String> last = new LinkedHashSet<>();
          lists.last().stream().filter(name -> isUsable(name, excluded)).forEach(last::add);
          everyLast.addAll(last);
          if (language == Language.ENGLISH) {
            keepPreferred(first, last, preferred);
          }
          Map<Gender, Pool> pools = new EnumMap<>(Gender.class);
          first.forEach((gender, names) -> pools.put(gender, Pool.of(names)));
          firstNames.put(language, pools);
          lastNames.put(language, Pool.of(last));
          cities.put(language, lists.places().stream().filter(WordLists::isPlace).toList());
        });
    everyFirst.forEach((gender, names) -> everyFirstName.put(gender, Pool.of(names)));
    everyLastName = Pool.of(everyLast);
    version = digest();
  }

  /** Reads the lists: some hundred milliseconds, once for a process. */
  static WordLists load() {
    Map<Language, Raw> read = new EnumMap<>(Language.class);
    Map<Language, Raw> concurrently = new ConcurrentHashMap<>();
    // Reading is nearly all of the time, and each language has files of its own.
    Arrays.stream(Language.values())
        .parallel()
        .forEach(language -> concurrently.put(language, Raw.read(language)));
    read.putAll(concurrently);
    return new WordLists(read);
  }

  /** A hash of all that is drawn from: another list, another conversation's surrogates. */
  byte[] version() {
    return version.clone();
  }

  boolean isFirstName(String word) {
    return firstNameLanguages.containsKey(Casing.fold(word));
  }

  boolean isLastName(String word) {
    return lastNameLanguages.containsKey(Casing.fold(word));
  }

  /** Whether it is one of the usual words, in small letters. */
  boolean isUsual(String word) {
    return usualWords.contains(word);
  }

  boolean isCountry(String text) {
    return countryNames.contains(Casing.fold(text));
  }

  boolean isState(String text) {
    return states.stream().anyMatch(text::equalsIgnoreCase);
  }

  /** The first language, in the order of the enum, whose lists hold the name. */
  @Nullable Language languageOfFirstName(String word) {
    return first(firstNameLanguages.get(Casing.fold(word)));
  }

  /** The first language, in the order of the enum, whose lists hold the name. */
  @Nullable Language languageOfLastName(String word) {
    return first(lastNameLanguages.get(Casing.fold(word)));
  }

  boolean isFirstNameOf(Language language, String word) {
    Set<Language> languages = firstNameLanguages.get(Casing.fold(word));
    return languages != null && languages.contains(language);
  }

  Gender genderOf(String firstName) {
    return genders.getOrDefault(Casing.fold(firstName), Gender.EITHER);
  }

  List<String> firstNames(Language language, Gender gender, String original) {
    List<String> names = required(required(firstNames, language), gender).spelledLike(original);
    return names.size() >= POOL_WORDS_MIN ? names : everyFirstName(gender, original);
  }

  List<String> lastNames(Language language, String original) {
    List<String> names = required(lastNames, language).spelledLike(original);
    return names.size() >= POOL_WORDS_MIN ? names : everyLastName(original);
  }

  List<String> everyFirstName(Gender gender, String original) {
    return required(everyFirstName, gender).spelledLike(original);
  }

  List<String> everyLastName(String original) {
    return everyLastName.spelledLike(original);
  }

  List<String> cities(Language language) {
    return required(cities, language);
  }

  List<String> countries() {
    return countries;
  }

  List<String> states() {
    return states;
  }

  private void know(Language language, Raw lists) {
    for (String name : lists.allFirst()) {
      languagesOf(firstNameLanguages, name).add(language);
    }
    for (String name : lists.last()) {
      languagesOf(lastNameLanguages, name).add(language);
    }
  }

  /**
   * What most lists say, unless our own choice says more; where they are even, nothing is known.
   */
  private void knowGenders(Map<Language, Raw> raw, Map<String, List<String>> preferred) {
    Map<String, Integer> balance = new HashMap<>();
    for (Raw lists : raw.values()) {
      lists.female().forEach(name -> balance.merge(Casing.fold(name), 1, Integer::sum));
      lists.male().forEach(name -> balance.merge(Casing.fold(name), -1, Integer::sum));
    }
    balance.forEach(
        (name, votes) -> {
          if (votes != 0) {
            genders.put(name, votes > 0 ? Gender.FEMALE : Gender.MALE);
          }
        });
    raw.forEach(
        (language, lists) -> {
          for (String name : lists.first()) {
            Gender gender = language.byEnding ? byEnding(name) : Gender.EITHER;
            if (gender != Gender.EITHER && !balance.containsKey(Casing.fold(name))) {
              genders.put(Casing.fold(name), gender);
            }
          }
        });
    preferred.forEach(
        (section, names) -> {
          Gender gender = section.startsWith("female") ? Gender.FEMALE : Gender.MALE;
          if (!section.equals("last")) {
            names.forEach(name -> genders.put(Casing.fold(name), gender));
          }
        });
  }

  private static Gender byEnding(String name) {
    return switch (name.charAt(name.length() - 1)) {
      case 'a' -> Gender.FEMALE;
      case 'o' -> Gender.MALE;
      default -> Gender.EITHER;
    };
  }

  private static Set<Language> languagesOf(Map<String, Set<Language>> index, String name) {
    return index.computeIfAbsent(Casing.fold(name), n -> new LinkedHashSet<>());
  }

  private static @Nullable Language first(@Nullable Set<Language> languages) {
    return languages == null ? null : languages.iterator().next();
  }

  /** The English lists hold rare and misspelt names, which a model mends when it repeats them. */
  private static void keepPreferred(
      Map<Gender, Set<String>> first, Set<String> last, Map<String, List<String>> preferred) {
    Set<String> chosen = new HashSet<>(preferred.getOrDefault("female", List.of()));
    chosen.addAll(preferred.getOrDefault("male", List.of()));
    first.values().forEach(names -> names.retainAll(chosen));
    last.retainAll(new HashSet<>(preferred.getOrDefault("last", List.of())));
  }

  private static boolean isUsable(String name, Set<String> excluded) {
    if (name.length() < NAME_LETTERS_MIN || !Character.isUpperCase(name.charAt(0))) {
      return false;
    }
    for (int i = 1; i < name.length(); i++) {
      if (!Character.isLowerCase(name.charAt(i))) {
        return false;
      }
    }
    return !excluded.contains(Casing.fold(name));
  }

  private static boolean isPlace(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!Character.isLetter(c) && c != ' ' && c != '-') {
        return false;
      }
    }
    return name.length() >= NAME_LETTERS_MIN;
  }

  private static <K, V> V required(Map<K, V> map, K key) {
    V value = map.get(key);
    if (value == null) {
      throw new IllegalStateException("no word list for " + key);
    }
    return value;
  }

  private byte[] digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      update(digest, "rules", List.of(RULES_VERSION));
      for (Language language : Language.values()) {
        for (Gender gender : Gender.values()) {
          update(
              digest,
              language.tag + "/" + gender,
              required(required(firstNames, language), gender).all());
        }
        update(digest, language.tag + "/last", required(lastNames, language).all());
        update(digest, language.tag + "/cities", required(cities, language));
      }
      update(digest, "countries", countries);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, String name, List<String> words) {
    digest.update((name + '\n' + words.size() + '\n').getBytes(UTF_8));
    digest.update(String.join("\n", words).getBytes(UTF_8));
  }

  private static Set<String> resourceWords(String resource) {
    Set<String> words = new HashSet<>();
    for (String line : resourceLines(resource)) {
      for (String word : line.split(" ", -1)) {
        words.add(Casing.fold(word));
      }
    }
    return words;
  }

  private static Map<String, List<String>> preferredNames() {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    String section = "";
    for (String line : resourceLines("preferred-names.txt")) {
      if (line.startsWith("[")) {
        section = line.substring(1, line.length() - 1);
      } else {
        sections
            .computeIfAbsent(section, s -> new ArrayList<>())
            .addAll(List.of(line.split(" ", -1)));
      }
    }
    return sections;
  }

  private static List<String> resourceLines(String resource) {
    InputStream in = WordLists.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException("no resource " + resource);
    }
    try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8))) {
      return reader
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Datafaker's lists of one language. Its generators are not used: slow, and not keyed. */
  private static final class Source {
    private final FakerContext context;
    private final FakeValuesService values = new FakeValuesService();

    Source(String tag) {
      context = new FakerContext(Locale.forLanguageTag(tag), new RandomService());
      values.updateFakeValuesInterfaceMap(context.getLocaleChain());
    }

    /** The plain words under {@code key}, templates left out. */
    Set<String> list(String key) {
      Object found = values.fetchObject(key, context);
      Set<String> words = new LinkedHashSet<>();
      if (found instanceof Collection<?> entries) {
        for (Object entry : entries) {
          if (entry instanceof String word && !word.contains("#")) {
            words.add(word);
          }
        }
      }
      return words;
    }
  }
}
