package io.mantle.privacy.detect.training;

import io.mantle.privacy.detect.Detectors;
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
import java.util.Map;
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
  private static final int ITERATIONS = 160;
  private static final int CUTOFF = 4;

  /** Three hypotheses find one name in a hundred more, and take twice the time. */
  private static final int BEAM_SIZE = 1;

  private static final int HELD_BACK_ONE_IN = 5;

  private TrainNames() {}

  /** Trains, writes and measures. */
  public static void main(String[] args) throws IOException {
    if (args.length != 4 || !args[0].equals("--data") || !args[2].equals("--out")) {
      throw new IllegalArgumentException("usage: TrainNames --data DIR --out FILE");
    }
    List<LabelledText> labelled = labelled(Path.of(args[1]));
    List<LabelledText> heldBack = heldBack(labelled);
    List<LabelledText> training =
        new ArrayList<>(labelled.stream().filter(text -> !isHeldBack(text.id())).toList());
    int real = training.size();
    training.addAll(new SyntheticTexts(SEED).write(SYNTHETIC_TEXTS));
    System.out.printf(
        "training on %d labelled and %d synthetic texts, %d held back%n",
        real, training.size() - real, heldBack.size());

    byte[] model = train(training);
    Files.write(Path.of(args[3]), model);
    System.out.printf("wrote %d bytes%n", model.length);
    NameModel read = NameModel.read(new ByteArrayInputStream(model));
    System.out.println(NameScore.of(Detectors.ofNames(read), heldBack));
  }

  /** The texts of a folder whose corpus marks all the types that are trained. */
  static List<LabelledText> labelled(Path folder) throws IOException {
    return LabelledText.readAll(folder).stream()
        .filter(text -> text.annotated().containsAll(TYPES))
        .toList();
  }

  /** Those that serve measuring, not training. */
  static List<LabelledText> heldBack(List<LabelledText> texts) {
    return texts.stream().filter(text -> isHeldBack(text.id())).toList();
  }

  private static boolean isHeldBack(String id) {
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
    parameters.put("BeamSize", BEAM_SIZE);
    parameters.put("PrintMessages", false);
    NameFeatureFactory.register();
    TokenNameFinderFactory factory =
        TokenNameFinderFactory.create(
            NameFeatureFactory.class.getName(), null, Map.of(), new BioCodec());
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
    for (WordTokens stretch : WordTokens.stretches(text.text())) {
      List<Span> spans = new ArrayList<>();
      int token = 0;
      while (token < stretch.size() && next < entities.size()) {
        Entity entity = entities.get(next);
        if (stretch.end(token) <= entity.start()) {
          token++;
          continue;
        }
        int stop = token;
        while (stop < stretch.size() && stretch.start(stop) < entity.end()) {
          stop++;
        }
        if (stop > token) {
          spans.add(new Span(token, stop, entity.type()));
        }
        token = stop;
        next++;
      }
      samples.add(new NameSample(stretch.toArray(), spans.toArray(Span[]::new), true));
    }
  }
}
