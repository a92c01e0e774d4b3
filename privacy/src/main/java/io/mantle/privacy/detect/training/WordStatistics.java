package io.mantle.privacy.detect.training;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mantle.privacy.detect.tagger.Hashes;
import io.mantle.privacy.detect.tagger.WordTable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Makes the table of words from the PyPI package {@code spacy-lookups-data} (MIT): Brown clusters
 * and log probabilities of a million words as written, for English, German and Spanish.
 */
final class WordStatistics {
  private static final JsonFactory JSON = new JsonFactory();
  private static final List<String> LANGUAGES = List.of("en", "de", "es");
  private static final List<Integer> WORDS = List.of(250_000, 350_000, 100_000);
  private static final int MEANINGS = 340_000;
  private static final int PATH_BITS = 20;
  private static final double RAREST = -18.5;
  private static final double BUCKET = 1.6;

  private WordStatistics() {}

  /** What is known of one word, in lower case, in one language. */
  private static final class Word {
    double all;
    double capitals;
    double best;
    int path;

    void add(double share, boolean capital, int pathHere) {
      all += share;
      capitals += capital ? share : 0;
      if (pathHere != 0 && share > best) {
        best = share;
        path = pathHere;
      }
    }
  }

  /**
   * Reads the wheel.
   *
   * @throws IOException if it cannot be read or is not as expected
   */
  static WordTable read(Path wheel, Path vectors) throws IOException {
    int[][] paths = new int[WordTable.LANGUAGES][WordTable.CLUSTERS_MAX];
    TreeMap<Integer, Long> entries = new TreeMap<>();
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      for (int language = 0; language < LANGUAGES.size(); language++) {
        Map<String, Double> clusters = table(zip, LANGUAGES.get(language) + "_lexeme_cluster");
        Map<String, Double> shares = table(zip, LANGUAGES.get(language) + "_lexeme_prob");
        Map<String, Word> words = new HashMap<>();
        shares.forEach(
            (written, log) -> {
              if (written.codePoints().allMatch(Character::isLetter)) {
                int path = clusters.getOrDefault(written, 0.0).intValue();
                words
                    .computeIfAbsent(written.toLowerCase(Locale.ROOT), _ -> new Word())
                    .add(
                        StrictMath.exp(log),
                        Character.isUpperCase(written.charAt(0)),
                        path & (1 << PATH_BITS) - 1);
              }
            });
        List<Map.Entry<String, Word>> frequent = new ArrayList<>(words.entrySet());
        frequent.sort(
            Comparator.<Map.Entry<String, Word>>comparingDouble(entry -> -entry.getValue().all)
                .thenComparing(Map.Entry::getKey));
        frequent = frequent.subList(0, Math.min(frequent.size(), WORDS.get(language)));
        TreeSet<Integer> known = new TreeSet<>();
        frequent.forEach(entry -> known.add(entry.getValue().path));
        known.remove(0);
        List<Integer> numbered = List.copyOf(known);
        Map<Integer, Integer> numbers = new HashMap<>();
        for (int i = 0; i < numbered.size(); i++) {
          paths[language][i + 1] = numbered.get(i);
          numbers.put(numbered.get(i), i + 1);
        }
        for (var entry : frequent) {
          Word word = entry.getValue();
          double log = StrictMath.log(word.all);
          int frequency = (int) Math.clamp((log - RAREST) / BUCKET + 1, 1, 7);
          int capitals = (int) Math.round(7 * word.capitals / word.all);
          long entryBefore = entries.getOrDefault(Hashes.phrase(entry.getKey()), 0L);
          entries.put(
              Hashes.phrase(entry.getKey()),
              WordTable.with(
                  entryBefore,
                  language,
                  new WordTable.Use(numbers.getOrDefault(word.path, 0), frequency, capitals)));
        }
      }
    }
    MeaningClusters.read(vectors, MEANINGS)
        .forEach(
            (word, path) ->
                entries.merge(
                    Hashes.phrase(word), WordTable.withMeaning(0, path), (a, b) -> a | b));
    entries.remove(0);
    return new WordTable(paths, entries);
  }

  private static Map<String, Double> table(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry("spacy_lookups_data/data/" + name + ".json.gz");
    if (entry == null) {
      throw new IOException(name + " is missing");
    }
    Map<String, Double> table = new HashMap<>(1 << 21);
    try (InputStream in =
            new BufferedInputStream(new GZIPInputStream(zip.getInputStream(entry)), 1 << 16);
        JsonParser parser = JSON.createParser(in)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String word = parser.currentName();
        parser.nextToken();
        // Clusters are written as numbers or as strings of a number.
        table.put(word, Double.parseDouble(parser.getText()));
      }
    }
    return table;
  }
}
