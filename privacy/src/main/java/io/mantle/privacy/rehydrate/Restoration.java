package io.mantle.privacy.rehydrate;

import io.mantle.privacy.json.JsonText;
import io.mantle.privacy.match.PhraseSet;
import io.mantle.privacy.value.Plaintext;
import java.util.ArrayList;
import java.util.List;

/**
 * What one exchange's surrogates stand for. Immutable: every output channel of the exchange reads
 * the same one.
 *
 * <p>Two forms. Text restores a surrogate by the value as it is. The source of a JSON text that a
 * model writes piece by piece (a tool call's arguments) restores it, however its characters are
 * escaped there, by the value escaped as that text needs it, so that what the client parses is
 * valid and says the value.
 */
public final class Restoration {
  /** Restores nothing. */
  public static final Restoration NONE = new Restoration(List.of());

  private final Form text;
  private final Form jsonSource;

  /** Restores each of the entries. */
  public Restoration(List<Entry> entries) {
    PhraseSet.Builder phrases = new PhraseSet.Builder();
    List<String> originals = new ArrayList<>(entries.size());
    List<String> escapedOriginals = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      phrases.add(entry.surrogate(), entry.bounded());
      String original = entry.original().reveal();
      originals.add(original);
      escapedOriginals.add(JsonText.escape(original));
    }
    PhraseSet surrogates = phrases.build();
    text = new Form(surrogates, originals, false);
    jsonSource = new Form(surrogates, escapedOriginals, true);
  }

  public boolean isEmpty() {
    return text.phrases.isEmpty();
  }

  /** A channel of text. */
  public Rehydrator text() {
    return new Rehydrator(text);
  }

  /** A channel of JSON source. */
  public Rehydrator jsonSource() {
    return new Rehydrator(jsonSource);
  }

  /** Restores a text that is whole; returns the very same string where nothing changed. */
  public String restoreText(String whole) {
    return text().whole(whole);
  }

  /** Restores JSON source that is whole; returns the very same string where nothing changed. */
  public String restoreJsonSource(String whole) {
    return jsonSource().whole(whole);
  }

  /**
   * One surrogate.
   *
   * @param surrogate what the provider saw
   * @param original what it stands for
   * @param bounded whether it is only restored where it is not part of a longer word or number;
   *     false where the request itself had it inside of one
   */
  public record Entry(String surrogate, Plaintext original, boolean bounded) {

    /** Prints no value, and no surrogate either: beside another log it could tell one. */
    @Override
    public String toString() {
      return "Entry[" + surrogate.length() + " chars for " + original + "]";
    }
  }

  /** The phrases to look for, and what replaces each. */
  record Form(PhraseSet phrases, List<String> replacements, boolean jsonEscapes) {

    /** Prints no value. */
    @Override
    public String toString() {
      return "Form[" + replacements.size() + " surrogates]";
    }
  }

  /** Prints no value. */
  @Override
  public String toString() {
    return "Restoration[" + text.replacements.size() + " surrogates]";
  }
}
