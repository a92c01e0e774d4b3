package io.mantle.extproc.request;

import io.mantle.extproc.dialect.ApiWords;
import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.dialect.Media;
import io.mantle.extproc.dialect.ProviderIds;
import io.mantle.extproc.dialect.SealedObject;
import io.mantle.extproc.value.DeliveryMark;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import io.mantle.privacy.json.JsonText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds every text of a request body: strings, keys and numbers, at every depth, in JSON texts
 * within strings too, but for the few that {@link ApiWords}, {@link ProviderIds}, {@link Media} and
 * the dialect exempt.
 *
 * <p>What the provider signed is exempt as well, where it bears the mark with which it was
 * delivered; the mark is taken off. Without one it is refused: it cannot be masked, and nobody
 * knows who wrote it.
 */
final class BodyTexts {
  /**
   * A tool's result may hold a tool's result; nobody nests more. What is deeper is inspected as
   * plain text.
   */
  private static final int NESTING_MAX = 4;

  /** No entity fits into a shorter number. */
  private static final int NUMBER_CHARS_MIN = 5;

  /** No vocabulary has ten million words. */
  private static final int TOKEN_ID_DIGITS_MAX = 7;

  private final JsonDocument body;
  private final Dialect dialect;
  private final DeliveryMark mark;
  private final boolean markRequired;
  private final List<BodyText> texts = new ArrayList<>();
  private final List<Edit> unmarked = new ArrayList<>();
  private int uninspected;
  private int firstUninspected = -1;

  private BodyTexts(JsonDocument body, Dialect dialect, DeliveryMark mark, boolean markRequired) {
    this.body = body;
    this.dialect = dialect;
    this.mark = mark;
    this.markRequired = markRequired;
  }

  /**
   * A text of the body.
   *
   * @param token where it stands: a token of the outermost document
   * @param isNumber whether it is a JSON number, and must stay one
   */
  record BodyText(JsonText text, int token, boolean isNumber) {}

  /**
   * Finds them.
   *
   * @param markRequired whether what is signed and bears no mark is refused; else it passes
   * @throws RefusedException 400 if something signed was not delivered here
   */
  static BodyTexts of(JsonDocument body, Dialect dialect, DeliveryMark mark, boolean markRequired)
      throws RefusedException {
    BodyTexts texts = new BodyTexts(body, dialect, mark, markRequired);
    int root = body.root();
    for (int key = body.firstChild(root); key < body.after(root); key = body.after(key + 1)) {
      if (body.is(key, "model")) {
        continue;
      }
      if (dialect.ids().contains(body.text(key).value()) && texts.addTokenIds(key + 1)) {
        continue;
      }
      texts.addMember(body, key, "", -1, 0);
    }
    return texts;
  }

  List<BodyText> texts() {
    return texts;
  }

  /** What takes the marks off. */
  List<Edit> unmarked() {
    return unmarked;
  }

  /** How many pieces of media, or texts in token ids, nobody looked into. */
  int uninspected() {
    return uninspected;
  }

  /** The first of them, a token of the body, or -1. */
  int firstUninspected() {
    return firstUninspected;
  }

  private void countUninspected(int token) {
    if (uninspected++ == 0) {
      firstUninspected = token;
    }
  }

  /** Counts the texts that {@code token} holds if it is nothing but token ids. */
  private boolean addTokenIds(int token) {
    if (body.kind(token) != JsonKind.ARRAY || body.firstChild(token) == body.after(token)) {
      return false;
    }
    boolean nested = body.kind(body.firstChild(token)) == JsonKind.ARRAY;
    int count = 0;
    for (int element = body.firstChild(token);
        element < body.after(token);
        element = body.after(element)) {
      if (nested ? !isTokenIds(element) : !isTokenId(element)) {
        return false;
      }
      count++;
    }
    for (int i = 0; i < (nested ? count : 1); i++) {
      countUninspected(token);
    }
    return true;
  }

  private boolean isTokenIds(int token) {
    if (body.kind(token) != JsonKind.ARRAY) {
      return false;
    }
    for (int element = body.firstChild(token);
        element < body.after(token);
        element = body.after(element)) {
      if (!isTokenId(element)) {
        return false;
      }
    }
    return true;
  }

  private boolean isTokenId(int token) {
    if (body.kind(token) != JsonKind.NUMBER) {
      return false;
    }
    String id = body.raw(token);
    return id.length() <= TOKEN_ID_DIGITS_MAX && id.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /**
   * {@code at}: the token of the outermost document that holds {@code document}, or -1 where it is
   * that itself.
   */
  private void addMember(JsonDocument document, int key, String parent, int at, int nesting)
      throws RefusedException {
    JsonText name = document.text(key);
    addKey(name, at < 0 ? key : at);
    addValue(document, key + 1, parent, name.value(), at, nesting);
  }

  private void addKey(JsonText name, int at) {
    if (!ApiWords.contains(name.value())) {
      texts.add(new BodyText(name, at, false));
    }
  }

  private void addValue(
      JsonDocument document, int token, String parent, String member, int at, int nesting)
      throws RefusedException {
    switch (document.kind(token)) {
      case OBJECT -> addObject(document, token, member, at, nesting);
      case ARRAY -> {
        for (int element = document.firstChild(token);
            element < document.after(token);
            element = document.after(element)) {
          addValue(document, element, parent, member, at, nesting);
        }
      }
      case STRING -> addString(document.text(token), parent, member, at < 0 ? token : at, nesting);
      case NUMBER -> {
        JsonText number = document.text(token);
        if (number.value().length() >= NUMBER_CHARS_MIN) {
          texts.add(new BodyText(number, at < 0 ? token : at, true));
        }
      }
      case KEY, TRUE, FALSE, NULL -> {}
    }
  }

  private void addObject(JsonDocument document, int object, String member, int at, int nesting)
      throws RefusedException {
    SealedObject sealed = at < 0 ? dialect.sealedIn(document, object) : null;
    Set<Integer> signed = sealed == null ? Set.of() : unmark(object, sealed);
    // What says that it is text holds no media, though a card number alone may look like base64.
    String parent = document.says(document.member(object, "type"), "text") ? "" : member;
    for (int key = document.firstChild(object);
        key < document.after(object);
        key = document.after(key + 1)) {
      if (signed.contains(key + 1)) {
        addKey(document.text(key), key);
      } else {
        addMember(document, key, parent, at, nesting);
      }
    }
  }

  /** Takes the marks off what {@code object} holds; returns the values that are signed. */
  private Set<Integer> unmark(int object, SealedObject sealed) throws RefusedException {
    Set<Integer> signed = new HashSet<>();
    int covered = sealed.covered() == null ? -1 : body.member(object, sealed.covered());
    for (String member : sealed.seals()) {
      int seal = body.member(object, member);
      if (seal >= 0 && body.kind(seal) == JsonKind.STRING && !body.text(seal).value().isEmpty()) {
        unmark(object, sealed, covered, member, seal);
        signed.add(seal);
        signed.add(covered);
      }
    }
    return signed;
  }

  private void unmark(int object, SealedObject sealed, int covered, String member, int seal)
      throws RefusedException {
    JsonText marked = body.text(seal);
    boolean once =
        body.count(object, "type") == 1
            && body.count(object, member) == 1
            && (sealed.covered() == null || body.count(object, sealed.covered()) <= 1);
    @Nullable String text = covered(covered);
    String value = text == null || !once ? null : mark.unmark(text, marked.value());
    if (value != null) {
      unmarked.add(marked.edit(value.length(), marked.value().length(), ""));
    } else if (markRequired) {
      throw new RefusedException(
          Refusal.ofRequest(
                  400,
                  "signed_elsewhere",
                  "This was signed by a provider, so it cannot be masked, and it was not delivered by this gateway as it is.")
              .at(body.pathOf(seal, ApiWords::contains)));
    }
  }

  /** The text that a seal vouches for; null where it is neither a text nor left out. */
  private @Nullable String covered(int token) {
    if (token < 0 || body.kind(token) == JsonKind.NULL) {
      return "";
    }
    return body.kind(token) == JsonKind.STRING ? body.text(token).value() : null;
  }

  private void addString(JsonText text, String parent, String member, int at, int nesting)
      throws RefusedException {
    String value = text.value();
    if (value.isEmpty() || ApiWords.contains(value) || ProviderIds.isOne(member, value)) {
      if (Media.isReference(parent, member)) {
        countUninspected(at);
      }
      return;
    }
    if (Media.isOne(parent, member, value)) {
      countUninspected(at);
      return;
    }
    if (Media.isReference(parent, member)) {
      countUninspected(at);
    }
    @Nullable JsonDocument inner = nesting < NESTING_MAX ? text.asDocument() : null;
    if (inner == null) {
      texts.add(new BodyText(text, at, false));
    } else {
      addValue(inner, inner.root(), parent, member, at, nesting + 1);
    }
  }
}
