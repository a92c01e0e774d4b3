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
 * model writes piece by piece (a tool call's arguments) restores it by the value escaped as that
 * text needs it, so that what the client parses is valid and says the value.
 */
public final class Restoration {
  /** Restores nothing. */
  public static final Restoration NONE = new Restoration(List.of());

  private final Form text;
  private final Form jsonSource;

  /** Restores each of the entries. */
  public Restoration(List<Entry> entries) {
    text = Form.ofText(entries);
    jsonSource = Form.ofJsonSource(entries);
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
    return restore(text(), whole);
  }

  /** Restores JSON source that is whole; returns the very same string where nothing changed. */
  public String restoreJsonSource(String whole) {
    return restore(jsonSource(), whole);
  }

  private static String restore(Rehydrator channel, String whole) {
    String restored = channel.accept(whole);
    String rest = channel.finish();
    return rest.isEmpty() ? restored : restored.concat(rest);
  }

  /**
   * One surrogate.
   *
   * @param surrogate what the provider saw
   * @param original what it stands for
   * @param bounded whether it is only restored where it is not part of a longer word or number;
   *     false where the request itself had it inside of one
   */
  public record Entry(String surrogate, Plaintext original, boolean bounded) {}

  /** The phrases to look for, and what replaces each. */
  record Form(PhraseSet phrases, List<String> replacements, boolean jsonEscapes) {

    private static Form ofText(List<Entry> entries) {
      PhraseSet.Builder phrases = new PhraseSet.Builder();
      List<String> replacements = new ArrayList<>(entries.size());
      for (Entry entry : entries) {
        phrases.add(entry.surrogate(), entry.bounded());
        replacements.add(entry.original().reveal());
      }
      return new Form(phrases.build(), replacements, false);
    }

    private static Form ofJsonSource(List<Entry> entries) {
      PhraseSet.Builder phrases = new PhraseSet.Builder();
      List<String> replacements = new ArrayList<>(entries.size());
      for (Entry entry : entries) {
        String original = JsonText.escape(entry.original().reveal());
        String escaped = JsonText.escape(entry.surrogate());
        phrases.add(escaped, entry.bounded());
        replacements.add(original);
        String ascii = asciiOnly(escaped);
        if (!ascii.equals(escaped)) { // as a writer would that escapes all beyond ASCII
          phrases.add(ascii, entry.bounded());
          replacements.add(original);
        }
      }
      return new Form(phrases.build(), replacements, true);
    }

    private static String asciiOnly(String escaped) {
      StringBuilder ascii = new StringBuilder(escaped.length());
      for (int i = 0; i < escaped.length(); i++) {
        char c = escaped.charAt(i);
        if (c < 0x80) {
          ascii.append(c);
        } else {
          ascii.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
        }
      }
      return ascii.toString();
    }

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
