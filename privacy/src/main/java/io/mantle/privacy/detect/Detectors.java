package io.mantle.privacy.detect;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import io.mantle.privacy.detect.names.NameModel;
import java.util.ArrayList;
import java.util.List;

/** Makes detectors. */
public final class Detectors {
  private Detectors() {}

  /**
   * The detector of the default tiers: rules for what has a form, a trained model for names. One
   * instance serves all threads; making one reads the model, so make it once.
   *
   * @throws IllegalStateException if the model is missing or cannot be read
   */
  public static Detector standard() {
    List<Recognizer> recognizers = new ArrayList<>(rules());
    recognizers.add(NameRecognizer.standard());
    return new RecognizerChain(recognizers);
  }

  /** The detector of the first tier alone: what has a form, no names. Cheap to make. */
  public static Detector ofRules() {
    return new RecognizerChain(rules());
  }

  /** A detector of names alone, by a model at hand: to measure one that was just trained. */
  public static Detector ofNames(NameModel model) {
    return new RecognizerChain(List.of(new NameRecognizer(model)));
  }

  /** Everything but names, the most certain first. */
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
