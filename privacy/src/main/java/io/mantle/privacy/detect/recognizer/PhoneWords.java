package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.Passage;
import java.util.Set;

/** Words that say that the number beside them is of a telephone. */
final class PhoneWords {
  private static final Set<String> LABELS =
      Set.of(
          ("phone phones telephone tel ph mobile cell cellphone fax whatsapp sms"
                  + " hotline landline telefon telefonnummer handy handynummer mobil"
                  + " mobiltelefon rufnummer telefono tel\u00e9fono m\u00f3vil celular"
                  + " t\u00e9l\u00e9phone t\u00e9l portable telefoon cellulare telefone telefax"
                  + " pager")
              .split(" ", -1));

  /** Weaker words: they count where a colon or a phone's layout agrees. */
  private static final Set<String> HINTS =
      Set.of(
          "desk",
          "office",
          "contact",
          "call",
          "calling",
          "dial",
          "text",
          "reach",
          "ring",
          "b\u00fcro");

  private static final Set<String> LABELS_AFTER =
      Set.of("office", "mobile", "fax", "cell", "desk", "phone", "home", "work", "tel");

  private static final Set<String> NUMBER_WORDS =
      Set.of("number", "no", "nummer", "num\u00e9ro", "numero", "n\u00famero", "numer", "nr");

  /** Whose number it is that is told: then nothing else than a telephone's is meant. */
  private static final Set<String> OWNERS =
      Set.of(
          ("my his her our your their work home direct contact new meine seine ihre"
                  + " unsere mon ma mi mio meu mijn m\u00f3j mitt emergency callback")
              .split(" ", -1));

  private static final Set<String> PERSONS =
      Set.of("me", "us", "him", "her", "them", "mich", "uns", "moi", "nous", "mij");

  private PhoneWords() {}

  /** Whether the words before {@code start} say that a telephone's number follows. */
  static boolean say(Passage passage, int start) {
    ContextWords words = ContextWords.before(passage, start);
    return words.holdsAnyOf(LABELS)
        || (words.holdsAnyOf(HINTS) && words.holdsAnyOf(PERSONS))
        || isOwned(words);
  }

  /** "My number is", "our number:". */
  private static boolean isOwned(ContextWords words) {
    for (int i = 0; i + 1 < Math.min(words.count(), 3); i++) {
      if (NUMBER_WORDS.contains(words.word(i))) {
        return OWNERS.contains(words.word(i + 1));
      }
    }
    return false;
  }

  /** Whether a word before {@code start} would suit a telephone's number and others too. */
  static boolean hint(Passage passage, int start) {
    return ContextWords.before(passage, start, HINTS);
  }

  /** Whether the word behind {@code end} tells which telephone it is. */
  static boolean follow(Passage passage, int end) {
    return ContextWords.after(passage, end, LABELS_AFTER);
  }
}
