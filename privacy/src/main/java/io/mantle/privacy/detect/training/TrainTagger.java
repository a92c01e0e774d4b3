package io.mantle.privacy.detect.training;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.DocumentDetector;
import io.mantle.privacy.detect.link.LinkingDetector;
import io.mantle.privacy.detect.tagger.Described;
import io.mantle.privacy.detect.tagger.Kind;
import io.mantle.privacy.detect.tagger.Lexicon;
import io.mantle.privacy.detect.tagger.Tagger;
import io.mantle.privacy.detect.tagger.TaggerModel;
import io.mantle.privacy.detect.tagger.WordTable;
import io.mantle.privacy.detect.training.CrfTrainer.Sample;
import io.mantle.privacy.detect.training.LabelledText.Entity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trains the tagger's model from labelled text, generated text and clean text, and measures it on
 * what was held back. One thread, fixed seeds.
 */
public final class TrainTagger {
  private static final int TABLE_BITS = 20;
  private static final int LABELLED_COPIES = 3;
  private static final long SEED = 20_240_611;
  private static final int ALL_LABELS = (1 << Kind.LABELS) - 1;
  private static final List<String> GERMAN = List.of("germeval2014");
  private static final List<String> NAMES = List.of("wnut17", "btc_twitter", "wikigold");
  private static final float[] BIASES = {0.5f, 1, 1.5f, 2, 2.3f, 2.6f, 3, 3.5f, 4};

  private TrainTagger() {}

  private static final List<String> REQUIRED = List.of("--data", "--lists", "--out");
  private static final List<String> OPTIONS =
      List.of(
          "--data",
          "--lists",
          "--out",
          "--all",
          "--fold",
          "--models",
          "--epochs",
          "--texts",
          "--measure",
          "--errors");

  private static final String USAGE =
      """
      usage: ./mantle train --data DIR --lists DIR --out FILE [options]
        --data DIR     labelled text, *.jsonl
        --lists DIR    the packages that docs/models/tagger.md names, as they were downloaded
        --out FILE     where the model goes
        --all true     train on all labelled texts; else a fifth is held back and measured
        --fold N       which fifth, 0 to 4 (0)
        --models N     how many are trained, of which the mean is taken (3)
        --epochs N     (5)
        --texts N      generated texts with private data (9000)
        --measure true measure the model in --out, train nothing
        --errors FILE  what leaked and what was found in vain
      """;

  /** See {@link #USAGE}; exits with 2 where an option is wrong. */
  public static void main(String[] args) throws IOException {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      options.put(args[i], args[i + 1]);
    }
    boolean help = List.of(args).contains("--help");
    if (help
        || args.length % 2 != 0
        || !OPTIONS.containsAll(options.keySet())
        || !options.keySet().containsAll(REQUIRED)) {
      (help ? System.out : System.err).print(USAGE);
      System.exit(help ? 0 : 2);
    }
    train(options);
  }

  private static void train(Map<String, String> options) throws IOException {
    Path data = Path.of(options.getOrDefault("--data", ""));
    Path lists = Path.of(options.getOrDefault("--lists", ""));
    Path out = Path.of(options.getOrDefault("--out", ""));
    int count = Integer.parseInt(options.getOrDefault("--texts", "9000"));
    int epochs = Integer.parseInt(options.getOrDefault("--epochs", "5"));
    int models = Integer.parseInt(options.getOrDefault("--models", "3"));
    int fold = Integer.parseInt(options.getOrDefault("--fold", "0"));
    boolean all = Boolean.parseBoolean(options.getOrDefault("--all", "false"));

    List<LabelledText> labelled = LabelledText.readAll(data);
    List<LabelledText> heldBack = labelled.stream().filter(text -> text.isInFold(fold)).toList();
    if (!options.containsKey("--measure")) {
      WordLists words = WordLists.read(lists);
      SyntheticTexts synthetic = new SyntheticTexts(SEED, words);
      Lexicon lexicon = lexicon(words, synthetic);
      WordTable table =
          WordStatistics.read(
              WordLists.find(lists, "spacy_lookups_data-"),
              WordLists.find(lists, "wink-embeddings-"));
      List<LabelledText> training = new ArrayList<>();
      labelled.stream().filter(text -> all || !text.isInFold(fold)).forEach(training::add);
      int real = training.size();
      for (int copy = 1; copy < LABELLED_COPIES; copy++) {
        training.addAll(List.copyOf(training.subList(0, real)));
      }
      training.addAll(synthetic.write(count));
      int written = training.size() - real * LABELLED_COPIES;
      training.addAll(CleanTexts.packages(lists));
      System.out.printf(
          "training on %d labelled, %d generated and %d clean texts; %d held back%n",
          real, written, training.size() - real * LABELLED_COPIES - written, heldBack.size());
      List<Sample> samples = new ArrayList<>();
      for (LabelledText text : training) {
        addSamples(text, lexicon, table, samples);
      }
      CrfTrainer.Weights weights =
          CrfTrainer.train(
              samples, TABLE_BITS, models, epochs, Math.min(epochs - 1, epochs * 5 / 12));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      TaggerModel.write(bytes, TABLE_BITS, weights.rows(), weights.transitions(), lexicon, table);
      Files.write(out, bytes.toByteArray());
      System.out.printf("wrote %d bytes%n", bytes.size());
    }
    TaggerModel model = TaggerModel.read(new ByteArrayInputStream(Files.readAllBytes(out)));
    measure(model, heldBack, options.get("--errors"));
  }

  private static Lexicon lexicon(WordLists words, SyntheticTexts synthetic) {
    synthetic.teach(words, Lexicon.FIRST_NAME, Lexicon.LAST_NAME);
    words.addAll(Vocabulary.TITLES, Lexicon.TITLE);
    words.addAll(Vocabulary.SUFFIXES, Lexicon.TITLE);
    words.addAll(Vocabulary.COMPANY_WORDS, Lexicon.COMPANY_WORD);
    words.addAll(Vocabulary.STREET_ENDS, Lexicon.STREET_WORD);
    words.addAll(Vocabulary.STREET_WORDS, Lexicon.STREET_WORD);
    words.addAll(Vocabulary.STATE_CODES, Lexicon.CODE);
    words.addAll(Vocabulary.REGIONS, Lexicon.REGION);
    words.addAll(Phrases.CITIES, Lexicon.LARGE_CITY);
    words.addAll(Phrases.COMPANIES, Lexicon.ORGANISATION);
    words.addAll(Vocabulary.ORGANISATIONS, Lexicon.ORGANISATION);
    words.addAll(Vocabulary.MONTHS, Lexicon.TIME_WORD);
    words.addAll(Vocabulary.SHORT_MONTHS, Lexicon.TIME_WORD);
    words.addAll(Vocabulary.WEEKDAYS, Lexicon.TIME_WORD);
    Vocabulary.FOREIGN_MONTHS.values().forEach(all -> words.addAll(all, Lexicon.TIME_WORD));
    return words.lexicon();
  }

  private static @Nullable Kind kind(String type) {
    return switch (DetectionScore.coarse(type)) {
      case "PERSON" -> Kind.PERSON;
      case "LOCATION" -> type.equals("ADDRESS") ? Kind.ADDRESS : Kind.LOCATION;
      case "ORG" -> Kind.ORG;
      case "DATE" -> Kind.DATE;
      case "ID", "USERNAME" -> Kind.ID;
      case "PHONE" -> Kind.PHONE;
      default -> null;
    };
  }

  static void addSamples(
      LabelledText text, Lexicon lexicon, WordTable table, List<Sample> samples) {
    String whole = text.text();
    int[] owner = new int[whole.length()];
    List<Entity> entities = text.entities();
    for (int e = 0; e < entities.size(); e++) {
      for (int at = entities.get(e).start(); at < entities.get(e).end(); at++) {
        owner[at] = owner[at] == 0 ? e + 1 : owner[at];
      }
    }
    int known = 0;
    for (String type : text.annotated()) {
      Kind kind = kind(type);
      if (kind != null) {
        known |= 1 << kind.first() | 1 << kind.further();
      }
    }
    if (text.annotated().contains("LOCATION")) {
      known |= 1 << Kind.ADDRESS.first() | 1 << Kind.ADDRESS.further();
    }
    boolean few = text.annotated().size() < 3;
    int open = ALL_LABELS & ~known;
    for (Described part : Described.of(whole, lexicon, table, TABLE_BITS)) {
      int[] allowed = new int[part.size()];
      int last = 0;
      for (int t = 0; t < allowed.length; t++) {
        int of = 0;
        boolean digit = false;
        for (int at = part.start(t); at < part.end(t); at++) {
          of = of == 0 ? owner[at] : of;
          digit |= Character.isDigit(whole.charAt(at));
        }
        if (of == 0) {
          allowed[t] = few || digit ? open | 1 : 1;
        } else {
          Entity entity = entities.get(of - 1);
          Kind kind = kind(entity.type());
          if (entity.type().equals("OTHER")) {
            allowed[t] = ALL_LABELS;
          } else if (kind == null) {
            allowed[t] = 1;
          } else {
            allowed[t] = 1 << (of == last ? kind.further() : kind.first());
          }
        }
        last = of;
      }
      samples.add(new Sample(part.rows(), part.offsets(), allowed));
    }
  }

  private static void measure(
      TaggerModel model, List<LabelledText> heldBack, @Nullable String errorFile)
      throws IOException {
    for (float bias : BIASES) {
      DocumentDetector linking = new LinkingDetector(Detectors.with(new Tagger(model, bias)));
      Detector detector = linking::detect;
      System.out.printf("bias %.1f%n", bias);
      List<String> errors = new ArrayList<>();
      report(
          "PII",
          detector,
          heldBack,
          text -> !NAMES.contains(text.source()) && !GERMAN.contains(text.source()),
          errors);
      report("names", detector, heldBack, text -> NAMES.contains(text.source()), errors);
      report(
          "names and German",
          detector,
          heldBack,
          text -> NAMES.contains(text.source()) || GERMAN.contains(text.source()),
          new ArrayList<>());
      for (String one : List.of("wnut17", "btc_twitter", "wikigold")) {
        report(one, detector, heldBack, text -> one.equals(text.source()), new ArrayList<>());
      }
      report("German", detector, heldBack, text -> GERMAN.contains(text.source()), errors);
      if (bias == 2.3f && errorFile != null) {
        // A line may begin or end within a surrogate pair, which a writer would refuse.
        Files.write(Path.of(errorFile), String.join("\n", errors).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static void report(
      String name,
      Detector detector,
      List<LabelledText> heldBack,
      java.util.function.Predicate<LabelledText> chosen,
      List<String> errors) {
    System.out.printf(
        "  %s: %s%n",
        name, DetectionScore.of(detector, heldBack.stream().filter(chosen).toList(), errors));
  }
}
