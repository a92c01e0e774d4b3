package io.mantle.privacy.detect.recognizer;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import io.mantle.privacy.detect.tagger.Tagger;
import java.util.ArrayList;
import java.util.List;

/** The recognizers of the default tiers. */
public final class Recognizers {
  private Recognizers() {}

  /** Those of what has a form, the most certain first. */
  public static List<Recognizer> ofRules() {
    List<Recognizer> rules = new ArrayList<>(ofPlainText());
    rules.add(new EncodedTexts(ofPlainText()));
    return rules;
  }

  /** That of what has none. */
  public static Recognizer of(Tagger tagger) {
    return new TaggerRecognizer(tagger);
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
