package io.mantle.privacy.detect.training;

import io.mantle.privacy.detect.names.NameFeatureFactory;
import io.mantle.privacy.detect.names.NameModel;
import io.mantle.privacy.detect.names.WordTokens;
import io.mantle.privacy.detect.training.LabelledText.Entity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import opennlp.tools.namefind.BioCodec;
import opennlp.tools.namefind.NameFinderME;
import opennlp.tools.namefind.NameSample;
import opennlp.tools.namefind.TokenNameFinderFactory;
import opennlp.tools.namefind.TokenNameFinderModel;
import opennlp.tools.util.ObjectStreamUtils;
import opennlp.tools.util.Span;
import opennlp.tools.util.TrainingParameters;

/**
 * Trains the model of names: {@code --data DIR --out FILE}. Every fifth document, chosen by a hash
 * of its id, is held back; the figures printed at the end are of those alone. The same data gives
 * the same file.
 */
public final class TrainNames {
  private static final Set<String> TYPES = Set.of("PERSON", "LOCATION", "ORG");
  private static final long SEED = 20_261_121L;
  private static final int SYNTHETIC_TEXTS = 12_000;
  private static final int ITERATIONS = 80;
  private static final int CUTOFF = 4;
  private static final int HELD_BACK_ONE_IN = 5;

  private TrainNames() {}

  /** Trains, writes and measures. */
  public static void main(String[] args) throws IOException {
    if (args.length != 4 || !args[0].equals("--data") || !args[2].equals("--out")) {
      throw new IllegalArgumentException("usage: TrainNames --data DIR --out FILE");
    }
    List<LabelledText> labelled = LabelledText.readAll(Path.of(args[1]));
    List<LabelledText> training = new ArrayList<>();
    List<LabelledText> heldBack = new ArrayList<>();
    for (LabelledText text : labelled) {
      if (text.annotated().containsAll(TYPES)) {
        (isHeldBack(text.id()) ? heldBack : training).add(text);
      }
    }
    int real = training.size();
    training.addAll(new SyntheticTexts(SEED).write(SYNTHETIC_TEXTS));
    System.out.printf(
        "training on %d labelled and %d synthetic texts, %d held back%n",
        real, training.size() - real, heldBack.size());

    byte[] model = train(training);
    Files.write(Path.of(args[3]), model);
    System.out.printf("wrote %d bytes%n", model.length);
    NameModel read = NameModel.read(new ByteArrayInputStream(model));
    for (double threshold : new double[] {0, 0.5, 0.6, 0.7, 0.8, 0.9}) {
      System.out.println(NameScore.of(read, heldBack, threshold));
    }
  }

  /** Whether a document serves measuring, not training. */
  static boolean isHeldBack(String id) {
    return Math.floorMod(id.hashCode(), HELD_BACK_ONE_IN) == 0;
  }

  private static byte[] train(List<LabelledText> texts) throws IOException {
    List<NameSample> samples = new ArrayList<>();
    for (LabelledText text : texts) {
      addSamples(text, samples);
    }
    TrainingParameters parameters = new TrainingParameters();
    parameters.put(TrainingParameters.ALGORITHM_PARAM, "MAXENT");
    parameters.put(TrainingParameters.ITERATIONS_PARAM, ITERATIONS);
    parameters.put(TrainingParameters.CUTOFF_PARAM, CUTOFF);
    parameters.put(TrainingParameters.THREADS_PARAM, 1);
    parameters.put("PrintMessages", false);
    NameFeatureFactory.register();
    TokenNameFinderFactory factory =
        TokenNameFinderFactory.create(
            NameFeatureFactory.class.getName(), null, java.util.Map.of(), new BioCodec());
    TokenNameFinderModel model =
        NameFinderME.train(
            "en", null, ObjectStreamUtils.createObjectStream(samples), parameters, factory);
    return ModelArchive.reproducible(model);
  }

  private static void addSamples(LabelledText text, List<NameSample> samples) {
    List<Entity> entities =
        text.entities().stream()
            .filter(entity -> TYPES.contains(entity.type()))
            .sorted(Comparator.comparingInt(Entity::start))
            .toList();
    int next = 0;
    for (WordTokens window : WordTokens.windows(text.text())) {
      List<Span> spans = new ArrayList<>();
      int token = 0;
      while (token < window.size() && next < entities.size()) {
        Entity entity = entities.get(next);
        if (window.end(token) <= entity.start()) {
          token++;
          continue;
        }
        int stop = token;
        while (stop < window.size() && window.start(stop) < entity.end()) {
          stop++;
        }
        if (stop > token) {
          spans.add(new Span(token, stop, entity.type()));
        }
        token = stop;
        next++;
      }
      samples.add(new NameSample(window.toArray(), spans.toArray(Span[]::new), true));
    }
  }
}
