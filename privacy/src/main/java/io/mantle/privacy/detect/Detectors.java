package io.mantle.privacy.detect;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import io.mantle.privacy.detect.tagger.Recall;
import io.mantle.privacy.detect.tagger.Tagger;
import io.mantle.privacy.detect.tagger.TaggerModel;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Makes detectors. */
public final class Detectors {
  private Detectors() {}

  private static final String MODEL = "tagger.bin";

  /**
   * The detector of the default tiers: rules for what has a form, a trained tagger for what has
   * none. One instance serves all threads; making one reads the model, so make it once.
   *
   * @throws IllegalStateException if the model is missing or cannot be read
   */
  public static Detector standard() {
    return standard(Recall.BALANCED);
  }

  /**
   * As {@link #standard()}, but rather with false alarms or rather with misses.
   *
   * @throws IllegalStateException if the model is missing or cannot be read
   */
  public static Detector standard(Recall recall) {
    return with(new Tagger(model(), recall));
  }

  /** The default tiers with a tagger at hand: to measure one that was just trained. */
  public static Detector with(Tagger tagger) {
    List<Recognizer> recognizers = new ArrayList<>(rules());
    recognizers.add(new TaggerRecognizer(tagger));
    return new RecognizerChain(recognizers);
  }

  /** The detector of the first tier alone: what has a form, no names. Cheap to make. */
  public static Detector ofRules() {
    return new RecognizerChain(rules());
  }

  /**
   * Names the model of the default tiers: what was found under one name need not be found under
   * another. The same as long as the model's bytes are.
   */
  public static String modelVersion() {
    return ModelVersion.NAME;
  }

  /** Read once, and only where it is asked for. */
  private static final class ModelVersion {
    private static final String NAME = name();

    private static String name() {
      try (InputStream in = Detectors.class.getResourceAsStream(MODEL)) {
        if (in == null) {
          throw new IllegalStateException("the resource " + MODEL + " is missing");
        }
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
        return HexFormat.of().formatHex(digest);
      } catch (IOException | GeneralSecurityException e) {
        throw new IllegalStateException("the resource " + MODEL + " cannot be hashed", e);
      }
    }
  }

  private static TaggerModel model() {
    try (InputStream in = Detectors.class.getResourceAsStream(MODEL)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + MODEL + " is missing");
      }
      return TaggerModel.read(in);
    } catch (IOException e) {
      throw new IllegalStateException("the resource " + MODEL + " is no model", e);
    }
  }

  /** Everything but the tagger, the most certain first. */
  static List<Recognizer> rules() {
    List<Recognizer> rules = new ArrayList<>(ofPlainText());
    rules.add(new EncodedTexts(ofPlainText()));
    return rules;
  }

  private static List<Recognizer> ofPlainText() {
    return List.of(
        new PrivateKeyRecognizer(),
        new ApiKeyRecognizer(),
        new UrlCredentialsRecognizer(),
        new PasswordRecognizer(),
        new EmailRecognizer(),
        new IbanRecognizer(),
        new CardRecognizer(),
        new MacRecognizer(),
        new IpRecognizer(),
        new CryptoRecognizer(),
        new SsnRecognizer(),
        new DateRecognizer(),
        new DocumentNumberRecognizer(),
        new PhoneRecognizer(PhoneNumberUtil.getInstance()),
        new LabelledNumberRecognizer(),
        new UsernameRecognizer(),
        new UrlRecognizer());
  }
}
