package io.mantle.privacy.detect.names;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import opennlp.tools.namefind.NameContextGenerator;
import opennlp.tools.util.featuregen.AdaptiveFeatureGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Describes a token to the model by itself, its neighbours and what was decided before it.
 *
 * <p>In text that has capitals, a lower-case word without a capitalised one nearby gets a single
 * feature: it is no name, and most of a prompt is such words, so this is where the time goes. What
 * is computed for a token serves every hypothesis of the beam. Not safe for many threads; nothing
 * is carried over from one window to the next.
 */
final class NameContext implements NameContextGenerator {
  private static final String[] PLAIN = {"plain"};

  /** The marks that may stand within a name, or end one. */
  private static final Set<String> JOINTS = Set.of(".", "-", "'", "\u2019", ",", "&");

  private static final int NEAR_TOKENS = 1;

  private String @Nullable [] window;
  private String[] lower = {};
  private String[] shapes = {};
  private boolean[] marked = {};
  private boolean[] joins = {};
  private String[] @Nullable [] described = {};

  @Override
  @SuppressWarnings("ReferenceEquality") // the finder hands in one array for a whole window
  public String[] getContext(
      int index, String[] tokens, String[] outcomes, Object @Nullable [] additionalContext) {
    if (tokens != window) {
      prepare(tokens);
    }
    String[] features = described[index];
    if (features == null) {
      features = isNear(index) ? describe(index) : PLAIN;
      described[index] = features;
    }
    if (features.length == PLAIN.length) {
      return features;
    }
    String previous = index > 0 ? outcomes[index - 1] : "none";
    String before = index > 1 ? outcomes[index - 2] : "none";
    int size = features.length;
    String[] all = new String[size + 4];
    System.arraycopy(features, 0, all, 0, size);
    all[size] = "po=" + previous;
    all[size + 1] = "po=" + previous + "," + shapes[index];
    all[size + 2] = "po=" + previous + ",w=" + lower[index];
    all[size + 3] = "po=" + before + "," + previous;
    return all;
  }

  private void prepare(String[] tokens) {
    int size = tokens.length;
    lower = new String[size];
    shapes = new String[size];
    marked = new boolean[size];
    joins = new boolean[size];
    described = new String[size][];
    int letters = 0;
    int capitals = 0;
    int allCapitals = 0;
    for (int i = 0; i < size; i++) {
      Shape shape = Shape.of(tokens[i]);
      if (shape.isWord()) {
        letters++;
        capitals += shape.hasCapital() ? 1 : 0;
        allCapitals += shape == Shape.UPPER ? 1 : 0;
      }
      marked[i] = shape.hasCapital();
      joins[i] = shape.isWord() || JOINTS.contains(tokens[i]);
      lower[i] = shape.isWord() ? tokens[i].toLowerCase(Locale.ROOT) : shape.written(tokens[i]);
      shapes[i] = shape.code();
    }
    if (capitals == 0) {
      // Nothing is capitalised: every word may be a name, and the shapes say that they say nothing.
      for (int i = 0; i < size; i++) {
        marked[i] = Shape.of(tokens[i]).isWord();
        shapes[i] = shapes[i] + "~";
      }
    } else if (allCapitals * 2 > letters && letters > 3) {
      for (int i = 0; i < size; i++) {
        shapes[i] = shapes[i] + "^";
      }
    }
    window = tokens;
  }

  private boolean isNear(int index) {
    if (!joins[index]) {
      return false;
    }
    int high = Math.min(marked.length - 1, index + NEAR_TOKENS);
    for (int i = Math.max(0, index - NEAR_TOKENS); i <= high; i++) {
      if (marked[i]) {
        return true;
      }
    }
    return false;
  }

  private String[] describe(int index) {
    String word = lower[index];
    String shape = shapes[index];
    String left = word(index - 1);
    String right = word(index + 1);
    List<String> features = new ArrayList<>(20);
    features.add("w=" + word);
    features.add("s=" + shape);
    features.add("w,s=" + word + "," + shape);
    features.add("l=" + left);
    features.add("r=" + right);
    features.add("ll=" + word(index - 2));
    features.add("rr=" + word(index + 2));
    features.add("l,s=" + left + "," + shape);
    features.add("s,r=" + shape + "," + right);
    features.add("sss=" + shape(index - 1) + "," + shape + "," + shape(index + 1));
    features.add("ssl=" + shape(index - 2) + "," + shape(index - 1) + "," + shape);
    features.add("ssr=" + shape + "," + shape(index + 1) + "," + shape(index + 2));
    int length = word.length();
    if (length > 3) {
      features.add("e3=" + word.substring(length - 3) + "," + shape);
      features.add("e2=" + word.substring(length - 2) + "," + shape);
      features.add("b3=" + word.substring(0, 3) + "," + shape);
    }
    return features.toArray(String[]::new);
  }

  private String word(int index) {
    return index < 0 || index >= lower.length ? "|" : lower[index];
  }

  private String shape(int index) {
    return index < 0 || index >= shapes.length ? "|" : shapes[index];
  }

  @Override
  public void addFeatureGenerator(AdaptiveFeatureGenerator generator) {
    // What the finder adds describes the caller's additional context; there is none.
  }

  @Override
  public void updateAdaptiveData(String[] tokens, String[] outcomes) {
    // Nothing is carried over.
  }

  @Override
  public void clearAdaptiveData() {
    window = null;
  }
}
