package io.mantle.deep;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.mantle.deep.ModelFolder.Label;
import io.mantle.privacy.detect.deep.DeepTierException;
import io.mantle.privacy.detect.deep.Guess;
import io.mantle.privacy.detect.deep.Pieces;
import io.mantle.privacy.detect.deep.TokenClassifier;
import io.mantle.privacy.value.EntityType;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A BERT-like token classifier in ONNX form, run by ONNX Runtime on the CPU.
 *
 * <p>The model's inputs are {@code input_ids}, {@code attention_mask} and, where it has them,
 * {@code token_type_ids}, each int64 of shape [1, n]; its first output is float32 of shape [1, n,
 * labels], not yet normalised. Each run takes one thread: those that run at once are for the caller
 * to bound. See {@link ModelFolder} for what stands in the folder.
 */
public final class OnnxClassifier implements TokenClassifier {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String SEGMENTS = "token_type_ids";
  private static final int MARKERS = 2;

  private final ModelFolder folder;
  private final WordPiece wordPiece;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Set<String> inputs;

  private OnnxClassifier(
      ModelFolder folder, WordPiece wordPiece, OrtEnvironment environment, OrtSession session) {
    this.folder = folder;
    this.wordPiece = wordPiece;
    this.environment = environment;
    this.session = session;
    this.inputs = Set.copyOf(session.getInputNames());
  }

  /**
   * Loads a folder's model and runs it once.
   *
   * @throws IOException if the folder is not as it must be, or the model is none that can be used
   */
  public static OnnxClassifier load(Path folder) throws IOException {
    ModelFolder read = ModelFolder.read(folder);
    WordPiece wordPiece = WordPiece.read(read.vocabulary(), read.lowerCase());
    OnnxClassifier loaded;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      // Off where it is built in at all: in the builds for Windows, and on Linux from 1.29 on.
      environment.setTelemetry(false);
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      OrtSession session = environment.createSession(read.model().toString(), options);
      loaded = new OnnxClassifier(read, wordPiece, environment, session);
    } catch (OrtException e) {
      throw new IOException(read.model() + " cannot be loaded: " + e.getMessage(), e);
    }
    loaded.check();
    return loaded;
  }

  private void check() throws IOException {
    Pieces probe = split("a b c");
    try {
      classify(probe, 0, probe.count());
    } catch (DeepTierException e) {
      close();
      throw new IOException(folder.model() + " does not answer as a token classifier", e);
    }
  }

  /** The model's name, for people. */
  public String name() {
    return folder.name();
  }

  @Override
  public Pieces split(String text) {
    return wordPiece.split(text);
  }

  @Override
  public int piecesMax() {
    return folder.piecesMax() - MARKERS;
  }

  @Override
  public List<Guess> classify(Pieces pieces, int from, int to) {
    int count = to - from + MARKERS;
    long[] shape = {1, count};
    LongBuffer ids = LongBuffer.allocate(count);
    LongBuffer mask = LongBuffer.allocate(count);
    for (int i = 0; i < count; i++) {
      mask.put(i, 1);
    }
    ids.put(0, wordPiece.begin());
    for (int piece = from; piece < to; piece++) {
      ids.put(piece - from + 1, pieces.id(piece));
    }
    ids.put(count - 1, wordPiece.end());
    Map<String, OnnxTensor> feed = new HashMap<>();
    try {
      feed.put(IDS, OnnxTensor.createTensor(environment, ids, shape));
      feed.put(MASK, OnnxTensor.createTensor(environment, mask, shape));
      if (inputs.contains(SEGMENTS)) {
        feed.put(SEGMENTS, OnnxTensor.createTensor(environment, LongBuffer.allocate(count), shape));
      }
      try (OrtSession.Result result = session.run(feed)) {
        return guesses(logits(result, count), to - from);
      }
    } catch (OrtException e) {
      throw DeepTierException.failed(e);
    } finally {
      feed.values().forEach(OnnxTensor::close);
    }
  }

  private FloatBuffer logits(OrtSession.Result result, int count) {
    FloatBuffer logits =
        result.get(0) instanceof OnnxTensor tensor ? tensor.getFloatBuffer() : null;
    if (logits == null || logits.remaining() != count * folder.labels().size()) {
      throw DeepTierException.failed(
          new IllegalStateException("the model's output is not of shape [1, n, labels]"));
    }
    return logits;
  }

  private List<Guess> guesses(FloatBuffer logits, int pieces) {
    int width = folder.labels().size();
    List<Guess> guesses = new ArrayList<>(pieces);
    for (int piece = 0; piece < pieces; piece++) {
      guesses.add(guess(logits, (piece + 1) * width, width)); // behind the first marker
    }
    return guesses;
  }

  /** The likeliest type: B- and I-, given name and surname count together. */
  private Guess guess(FloatBuffer logits, int from, int width) {
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < width; i++) {
      highest = Math.max(highest, logits.get(from + i));
    }
    double sum = 0;
    Map<EntityType, Double> byType = new EnumMap<>(EntityType.class);
    for (int i = 0; i < width; i++) {
      double share = Math.exp(logits.get(from + i) - highest);
      sum += share;
      EntityType type = folder.labels().get(i).type();
      if (type != null) {
        byType.merge(type, share, Double::sum);
      }
    }
    @Nullable EntityType best = null;
    double bestShare = 0;
    for (int i = 0; i < width; i++) {
      Label label = folder.labels().get(i);
      EntityType type = label.type();
      double share = type == null ? 0 : byType.getOrDefault(type, 0.0);
      if (share > bestShare && share >= label.threshold() * sum) {
        best = type;
        bestShare = share;
      }
    }
    return best == null ? Guess.NOTHING : new Guess(best, Math.min(1, bestShare / sum));
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("the model's session could not be closed", e);
    }
  }
}
