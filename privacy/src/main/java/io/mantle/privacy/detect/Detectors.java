package io.mantle.privacy.detect;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import io.mantle.privacy.detect.tagger.Recall;
import io.mantle.privacy.detect.tagger.Tagger;
import io.mantle.privacy.detect.tagger.TaggerModel;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
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
        new WebhookRecognizer(),
        new CredentialPairRecognizer(),
        new SeedPhraseRecognizer(),
        new CommandSecretRecognizer(),
        new PasswordRecognizer(),
        new EmailRecognizer(),
        new IbanRecognizer(),
        new CardRecognizer(),
        new AccessCodeRecognizer(),
        new MacRecognizer(),
        new IpRecognizer(),
        new CryptoRecognizer(),
        new SsnRecognizer(),
        new DateRecognizer(),
        new DocumentNumberRecognizer(),
        new PhoneRecognizer(PhoneNumberUtil.getInstance()),
        new LabelledNumberRecognizer(),
        new HandleRecognizer(),
        new UsernameRecognizer(),
        new PostcodeRecognizer(),
        new UrlRecognizer());
  }
}
