package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Short numbers that open a door where the words before them say so: the code on a card's back,
 * PINs, and codes that are sent to a telephone. In prose, not where a program counts its pins.
 */
final class AccessCodeRecognizer implements Recognizer {
  private static final int WORDS_MAX = 5;

  private static final Set<String> CARD_CODES =
      Set.of(
          "cvv",
          "cvc",
          "cvv2",
          "cvc2",
          "csc",
          "cvn",
          "cid",
          "pr\u00fcfziffer",
          "kartenpr\u00fcfnummer");

  private static final Set<String> CODES =
      Set.of(
          ("pin otp totp tan mtan passcode geheimzahl sicherheitscode"
                  + " best\u00e4tigungscode zugangscode freischaltcode verifizierungscode"
                  + " pincode pinkod beveiligingscode verificatiecode toegangscode")
              .split(" ", -1));

  /** These name a code only together with that word. */
  private static final Set<String> KINDS =
      Set.of(
          ("verification security access confirmation authentication authorization"
                  + " login sms 2fa mfa time unlock door gate entry alarm recovery backup"
                  + " v\u00e9rification s\u00e9curit\u00e9 secret acc\u00e8s verificaci\u00f3n"
                  + " seguridad acceso verifica sicurezza accesso verifica\u00e7\u00e3o"
                  + " seguran\u00e7a acesso weryfikacyjny dost\u0119pu")
              .split(" ", -1));

  private static final Set<String> CODE_WORDS =
      Set.of("code", "codes", "c\u00f3digo", "codice", "kod", "passcode", "password", "pin");

  private static final Set<String> FILLERS =
      Set.of(
          ("is was are number no the my your ist lautet es est de di del d one value to" + " e")
              .split(" ", -1));

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (!passage.hasLetter()) {
      return;
    }
    for (int run = 0; run < passage.digitRuns(); run++) {
      int length = passage.runLength(run);
      int start = passage.runStart(run);
      int end = passage.runEnd(run);
      if (length >= 3
          && length <= 8
          && passage.startsNumber(start)
          && passage.endsNumber(end)
          && ((isIntroduced(passage, start) && isNamed(ContextWords.before(passage, start), length))
              || (length > 4 && isNamedBehind(passage, end)))) {
        found.accept(new Span(start, end, EntityType.PASSWORD_OR_SECRET, 0.8));
      }
    }
  }

  /** Behind a blank, a colon, a quote and the like; most numbers stand elsewhere. */
  private static boolean isIntroduced(Passage passage, int start) {
    char before = passage.at(start - 1);
    return CharClass.isBlank(before)
        || before == ':'
        || before == '='
        || before == '#'
        || CharClass.isQuote(before);
  }

  /** "482913 is your verification code". */
  private static boolean isNamedBehind(Passage passage, int end) {
    return passage.at(end) == ' '
        && ContextWords.soonAfter(passage, end, KINDS)
        && ContextWords.soonAfter(passage, end, CODE_WORDS);
  }

  private static boolean isNamed(ContextWords words, int digits) {
    boolean code = false;
    for (int i = 0; i < Math.min(words.count(), WORDS_MAX); i++) {
      String word = words.word(i);
      if (CARD_CODES.contains(word)) {
        return digits <= 4;
      }
      if (CODES.contains(word)) {
        return digits >= 4;
      }
      if (code && KINDS.contains(word)) {
        return true;
      }
      if (CODE_WORDS.contains(word)) {
        code = true;
      } else if (KINDS.contains(word)) {
        // "c\u00f3digo de verificaci\u00f3n" says it the other way round.
        return i + 2 < words.count()
            && (CODE_WORDS.contains(words.word(i + 1)) || CODE_WORDS.contains(words.word(i + 2)));
      } else if (!FILLERS.contains(word)) {
        return false;
      }
    }
    return false;
  }
}
