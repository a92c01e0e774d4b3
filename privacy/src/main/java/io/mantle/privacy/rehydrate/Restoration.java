package io.mantle.privacy.rehydrate;

import static io.mantle.privacy.rehydrate.RestorationPolicy.bit;

import io.mantle.privacy.json.JsonText;
import io.mantle.privacy.match.PhraseSet;
import io.mantle.privacy.value.Alias;
import io.mantle.privacy.value.Alias.Writing;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one exchange's surrogates stand for. But for its {@link Tally} immutable: every output
 * channel of the exchange reads the same one.
 *
 * <p>Two forms. Text restores a surrogate by the value as it is. The source of a JSON text that a
 * model writes piece by piece (a tool call's arguments) restores it, however its characters are
 * escaped there, by the value escaped as that text needs it, so that what the client parses is
 * valid and says the value.
 *
 * <p>Made of entries alone it restores what is spelled as it left, wherever it stands. Made with a
 * {@link RestorationPolicy} it also recognises the other forms that the policy has on, and restores
 * nothing in text within a link to a host that is neither named nor allowed.
 */
public final class Restoration {
  /** Restores nothing. */
  public static final Restoration NONE = new Restoration(List.of());

  /** Shorter values look like too much else to be recognised in any form but their own. */
  private static final int TOLERANT_CHARS_MIN = 4;

  private static final int TOLERANT_DIGITS_MIN = 6;

  /** Longer ones are texts, which a model does not write in another form. */
  private static final int TOLERANT_CHARS_MAX = 512;

  /** With more forms than this, building them would cost more than an exchange may. */
  private static final int FORMS_MAX = 40_000;

  private static final int CONTAINMENT_ROUNDS_MAX = 32;

  private final Reading text;
  private final Reading jsonSource;
  private final List<Entry> entries;
  private final Set<String> namedHosts;
  private final @Nullable RestorationPolicy policy;
  private final Tally tally = new Tally();

  /** Restores each of the entries as it is spelled. */
  public Restoration(List<Entry> entries) {
    this(entries, null, Set.of(), word -> false);
  }

  /**
   * Restores each of the entries, and its other forms.
   *
   * @param namedHosts hosts in small letters that the prompt names
   * @param isWord whether a word in small letters is a usual one or a known name, and so no name
   *     misspelt
   */
  public Restoration(
      List<Entry> entries,
      @Nullable RestorationPolicy policy,
      Set<String> namedHosts,
      Predicate<String> isWord) {
    PhraseSet.Builder phrases = new PhraseSet.Builder();
    List<String> originals = new ArrayList<>(entries.size());
    List<String> escapedOriginals = new ArrayList<>(entries.size());
    List<EntityType> types = new ArrayList<>(entries.size());
    List<Form> others = new ArrayList<>();
    for (Entry entry : entries) {
      phrases.add(entry.surrogate(), entry.bounded());
      String original = entry.original().reveal();
      originals.add(original);
      escapedOriginals.add(JsonText.escape(original));
      types.add(entry.type());
      if (policy != null && others.size() < FORMS_MAX) {
        addForms(entry, policy, others);
      }
    }
    PhraseSet surrogates = phrases.build();
    FormSet forms = new FormSet(others, isWord);
    text = new Reading(surrogates, forms, originals, types, false);
    jsonSource = new Reading(surrogates, forms, escapedOriginals, types, true);
    this.entries = List.copyOf(entries);
    this.namedHosts = namedHosts;
    this.policy = policy;
  }

  private Restoration(Restoration all, FormSet forms, @Nullable RestorationPolicy policy) {
    text = all.text.with(forms);
    jsonSource = all.jsonSource.with(forms);
    entries = all.entries;
    namedHosts = all.namedHosts;
    this.policy = policy;
  }

  private static void addForms(Entry entry, RestorationPolicy policy, List<Form> forms) {
    int enabled = policy.strategies(entry.type()) | bit(Strategy.EXACT);
    if (enabled == bit(Strategy.EXACT)) {
      return;
    }
    addForm(
        entry,
        entry.surrogate(),
        entry.original().reveal(),
        0,
        enabled,
        Form.writing(entry.type(), entry.surrogate()),
        forms);
    for (Alias alias : entry.aliases()) {
      int taken = bit(alias.strategy());
      if ((taken & ~enabled) == 0) {
        String original = alias.original().reveal();
        addForm(entry, alias.surrogate(), original, taken, enabled, alias.writing(), forms);
      }
    }
  }

  private static void addForm(
      Entry entry,
      String surrogate,
      String original,
      int taken,
      int enabled,
      Writing writing,
      List<Form> forms) {
    int least = writing == Writing.NUMBER ? TOLERANT_DIGITS_MIN : TOLERANT_CHARS_MIN;
    if (surrogate.length() < least || surrogate.length() > TOLERANT_CHARS_MAX) {
      return;
    }
    EntityType type = entry.type();
    Set<String> rest = Form.rest(type, entry.surrogate(), surrogate);
    boolean umlauts = Spelling.hasUmlaut(surrogate);
    for (boolean transliterated : umlauts ? new boolean[] {false, true} : new boolean[] {false}) {
      Spelling spelling = Spelling.of(surrogate, writing, transliterated);
      if (spelling.count() >= Math.min(least, 3)) {
        forms.add(
            new Form(
                type,
                spelling,
                Spelling.of(original, writing, false),
                taken,
                enabled,
                writing,
                taken != 0,
                rest));
      }
    }
  }

  /**
   * The same, without those forms that the texts hold although they are not meant: they would not
   * come back as they left. Restores every text as if no other forms were known, or knows none.
   *
   * @param texts as they leave, surrogates in place
   */
  public Restoration ambiguousFormsLeftOut(List<String> texts) {
    Restoration restoration = new Restoration(this, text.forms, policy);
    if (text.forms.isEmpty()) {
      return restoration;
    }
    for (String left : texts) {
      restoration = restoration.leftOut(left);
    }
    return restoration;
  }

  /** The same, with links as they come: to see whether a text comes back. */
  public Restoration unguarded() {
    return new Restoration(this, text.forms, null);
  }

  /** The same, of which nothing has been counted yet. */
  public Restoration untallied() {
    return new Restoration(this, text.forms, policy);
  }

  private Restoration leftOut(String left) {
    FormSet forms = text.forms;
    FormSearch search = FormSearch.ofEach(forms);
    PhraseSet.Before before = new PhraseSet.Before(false);
    PhraseSet.Hit exact = new PhraseSet.Hit();
    text.phrases.find(left, 0, before, false, exact);
    search.find(left, 0, false);
    int rounds = 0;
    while (search.isHit()) {
      int from = search.start();
      while (exact.phrase() >= 0 && exact.end() <= from) {
        text.phrases.find(left, exact.end(), before, false, exact);
      }
      boolean within = exact.start() <= from && search.end() <= exact.end();
      if (exact.phrase() >= 0 && within) {
        from = search.end();
      } else if (++rounds > CONTAINMENT_ROUNDS_MAX) {
        return new Restoration(this, new FormSet(List.of(), word -> false), policy);
      } else {
        forms = forms.without(search);
        search = FormSearch.ofEach(forms);
      }
      search.find(left, from, false);
    }
    return forms == text.forms ? this : new Restoration(this, forms, policy);
  }

  public boolean isEmpty() {
    return text.phrases.isEmpty();
  }

  /** What the provider saw, and what it stands for. */
  public List<Plaintext> surrogatesAndOriginals() {
    List<Plaintext> said = new ArrayList<>(2 * entries.size());
    for (Entry entry : entries) {
      said.add(new Plaintext(entry.surrogate()));
      said.add(entry.original());
    }
    return said;
  }

  /** What has been restored and withheld so far, over all channels. */
  public Tally tally() {
    return tally;
  }

  /** A channel of text. */
  public Rehydrator text() {
    return new TextRehydrator(text, tally, guard(false), null);
  }

  /** A channel of JSON source, such as the arguments of a tool call, where links are no danger. */
  public Rehydrator jsonSource() {
    return jsonSource(null, null);
  }

  /** A channel of text that a tool is called with, where links are no danger. */
  public Rehydrator toolText() {
    return new TextRehydrator(text, tally, null, null);
  }

  /** A channel of JSON source that a person is shown, in which links are guarded. */
  public Rehydrator shownJsonSource() {
    return jsonSource(guard(true), null);
  }

  private Rehydrator jsonSource(@Nullable LinkGuard guard, Rehydrator.@Nullable Sink heard) {
    return isEmpty()
        ? new TextRehydrator(jsonSource, tally, null, null)
        : new JsonRehydrator(sink -> new TextRehydrator(jsonSource, tally, guard, sink), heard);
  }

  private @Nullable LinkGuard guard(boolean json) {
    RestorationPolicy known = policy;
    return known == null || isEmpty() ? null : new LinkGuard(namedHosts, known, json);
  }

  /** What is to be replaced, in order, in a text that is whole. */
  public List<Replaced> inText(String whole) {
    Replacements found = new Replacements();
    new TextRehydrator(text, tally, guard(false), found).restoreWhole(whole);
    return found.list;
  }

  /** The same in text that a tool is called with: links are not guarded. */
  public List<Replaced> inToolText(String whole) {
    Replacements found = new Replacements();
    new TextRehydrator(text, tally, null, found).restoreWhole(whole);
    return found.list;
  }

  /** The same in JSON source that is whole. */
  public List<Replaced> inJsonSource(String whole) {
    Replacements found = new Replacements();
    jsonSource(null, found).restoreWhole(whole);
    return found.list;
  }

  /** The same in JSON source that is whole and that a person is shown: links are guarded. */
  public List<Replaced> inShownJsonSource(String whole) {
    Replacements found = new Replacements();
    jsonSource(guard(true), found).restoreWhole(whole);
    return found.list;
  }

  /**
   * A stretch of a text, in UTF-16 units, and what stands there once it is restored.
   *
   * @param end one past the last
   */
  public record Replaced(int start, int end, String by) {
    /** Prints no value. */
    @Override
    public String toString() {
      return "Replaced[" + start + ", " + end + " -> " + by.length() + " chars]";
    }
  }

  private static final class Replacements implements Rehydrator.Sink {
    private final List<Replaced> list = new ArrayList<>();
    private int at;

    @Override
    public void kept(int chars) {
      at += chars;
    }

    @Override
    public void replaced(int chars, String by) {
      list.add(new Replaced(at, at + chars, by));
      at += chars;
    }
  }

  /** Restores a text that is whole; returns the very same string where nothing changed. */
  public String restoreText(String whole) {
    return text().restoreWhole(whole);
  }

  /** Restores JSON source that is whole; returns the very same string where nothing changed. */
  public String restoreJsonSource(String whole) {
    return jsonSource().restoreWhole(whole);
  }

  /**
   * Restores what a string says that a tool reads, and that may itself be the source of a JSON
   * text, as {@link #jsonSource} would in the source of the string; returns the very same string
   * where nothing changed.
   */
  public String restoreJsonString(String whole) {
    String source = '"' + JsonText.escape(whole) + '"';
    String restored = restoreJsonSource(source);
    return restored.equals(source) ? whole : JsonText.unescape(restored);
  }

  /**
   * One surrogate.
   *
   * @param type what it is
   * @param surrogate what the provider saw
   * @param original what it stands for
   * @param bounded whether it is only restored where it is not part of a longer word or number;
   *     false where the request itself had it inside of one
   * @param aliases what it may be called instead
   */
  public record Entry(
      EntityType type, String surrogate, Plaintext original, boolean bounded, List<Alias> aliases) {

    /** One whose type does not matter, since it is only known as it is spelled. */
    public Entry(String surrogate, Plaintext original, boolean bounded) {
      this(EntityType.PASSWORD_OR_SECRET, surrogate, original, bounded, List.of());
    }

    /** Prints no value, and no surrogate either: beside another log it could tell one. */
    @Override
    public String toString() {
      return "Entry[" + surrogate.length() + " chars for " + original + "]";
    }
  }

  /** The phrases and forms to look for, and what replaces each phrase. */
  record Reading(
      PhraseSet phrases,
      FormSet forms,
      List<String> replacements,
      List<EntityType> types,
      boolean jsonEscapes) {

    Reading with(FormSet fewer) {
      return new Reading(phrases, fewer, replacements, types, jsonEscapes);
    }

    /** Prints no value. */
    @Override
    public String toString() {
      return "Reading[" + replacements.size() + " surrogates]";
    }
  }

  /** Prints no value. */
  @Override
  public String toString() {
    return "Restoration[" + text.replacements.size() + " surrogates]";
  }
}
