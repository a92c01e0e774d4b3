package io.mantle.privacy.detect.names;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import opennlp.tools.namefind.NameFinderME;
import opennlp.tools.namefind.TokenNameFinderModel;
import opennlp.tools.util.Span;

/**
 * OpenNLP's name finder over a trained model.
 *
 * <p>Guarantees: safe for many threads (the model is shared, a finder is made for each call, which
 * is cheap); the same text gives the same names; linear time.
 */
public final class NameModel {
  private final TokenNameFinderModel model;

  public NameModel(TokenNameFinderModel model) {
    this.model = model;
  }

  /**
   * Reads a model that {@code TrainNames} wrote.
   *
   * @throws IOException if it cannot be read or is none
   */
  public static NameModel read(InputStream in) throws IOException {
    NameFeatureFactory.register();
    return new NameModel(new TokenNameFinderModel(in));
  }

  /** All the names the model finds, in order, none overlapping. */
  public List<FoundName> find(String text) {
    List<FoundName> names = new ArrayList<>();
    NameFinderME finder = new NameFinderME(model);
    for (WordTokens stretch : WordTokens.stretches(text)) {
      Span[] spans = finder.find(stretch.words());
      double[] probabilities = spans.length == 0 ? new double[0] : finder.probs(spans);
      for (int i = 0; i < spans.length; i++) {
        names.add(
            new FoundName(
                stretch.start(spans[i].getStart()),
                stretch.end(spans[i].getEnd() - 1),
                spans[i].getType(),
                probabilities[i]));
      }
    }
    return names;
  }
}
