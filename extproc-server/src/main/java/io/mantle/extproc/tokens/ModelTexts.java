package io.mantle.extproc.tokens;

import io.mantle.extproc.dialect.ApiWords;
import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.dialect.Media;
import io.mantle.extproc.dialect.ProviderIds;
import io.mantle.extproc.dialect.SealedObject;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a model reads of a body, or says in one: texts, keys of the client's own, and numbers (token
 * ids among them); not JSON's syntax, the API's own words, ids, media or what is sealed.
 */
public final class ModelTexts {
  private static final Set<String> READ =
      Set.of(
          "messages",
          "input",
          "prompt",
          "suffix",
          "system",
          "instructions",
          "tools",
          "functions",
          "response_format",
          "text");
  private static final Set<String> TURNS = Set.of("messages", "input");

  private static final List<String> WHOLE = List.of("content", "output");
  private static final List<String> GROWING = List.of("delta");
  private static final List<String> OF_CHOICE = List.of("message", "delta", "text");

  /** Beside what was said. */
  private static final Set<String> ABOUT =
      Set.of(
          "logprobs",
          "annotations",
          "signature",
          "encrypted_content",
          "stop_reason",
          "stop_sequence");

  /** OpenAI's: three for each message, one for its role, three that begin the answer. */
  private static final int TOKENS_PER_TURN = 4;

  private static final int TOKENS_OF_ANSWERS_BEGINNING = 3;

  private final JsonDocument document;
  private final Dialect dialect;
  private final boolean ofRequest;
  private final List<String> texts = new ArrayList<>();
  private long numbers;
  private long framing;

  private ModelTexts(JsonDocument document, Dialect dialect, boolean ofRequest) {
    this.document = document;
    this.dialect = dialect;
    this.ofRequest = ofRequest;
  }

  /** Of a request. */
  static ModelTexts read(JsonDocument document, Dialect dialect) {
    ModelTexts texts = new ModelTexts(document, dialect, true);
    texts.members();
    for (String turns : TURNS) {
      texts.frame(document.member(document.root(), turns));
    }
    return texts;
  }

  /** Adds what a whole answer says. */
  public static void addSaid(JsonDocument answer, Dialect dialect, SaidText said) {
    addSaid(answer, dialect, said, WHOLE);
  }

  /** Adds what an event goes on with; not what it repeats of those before it. */
  public static void addGrowing(JsonDocument event, Dialect dialect, SaidText said) {
    addSaid(event, dialect, said, GROWING);
  }

  private static void addSaid(
      JsonDocument document, Dialect dialect, SaidText said, List<String> ofRoot) {
    ModelTexts texts = new ModelTexts(document, dialect, false);
    int root = document.root();
    texts.said(root, ofRoot);
    int choices = document.member(root, "choices");
    if (choices >= 0 && document.kind(choices) == JsonKind.ARRAY) {
      for (int choice = document.firstChild(choices);
          choice < document.after(choices);
          choice = document.after(choice)) {
        texts.said(choice, OF_CHOICE);
      }
    }
    texts.texts.forEach(said::add);
  }

  private void said(int object, List<String> members) {
    for (String name : members) {
      int member = document.member(object, name);
      if (member >= 0) {
        add(member, "", name);
      }
    }
  }

  long tokens(BoundedCount counter) {
    return counter.of(texts) + numbers + framing;
  }

  private void members() {
    int root = document.root();
    if (document.kind(root) == JsonKind.OBJECT) {
      for (int key = document.firstChild(root);
          key < document.after(root);
          key = document.after(key + 1)) {
        String name = document.text(key).value();
        if (READ.contains(name)) {
          add(key + 1, "", name);
        }
      }
    }
  }

  private void frame(int turns) {
    if (turns < 0 || document.kind(turns) != JsonKind.ARRAY) {
      return;
    }
    for (int turn = document.firstChild(turns);
        turn < document.after(turns);
        turn = document.after(turn)) {
      if (document.kind(turn) == JsonKind.OBJECT) {
        framing += TOKENS_PER_TURN + (framing == 0 ? TOKENS_OF_ANSWERS_BEGINNING : 0);
      }
    }
  }

  private void add(int token, String parent, String member) {
    switch (document.kind(token)) {
      case OBJECT -> addObject(token, member);
      case ARRAY -> {
        for (int element = document.firstChild(token);
            element < document.after(token);
            element = document.after(element)) {
          add(element, parent, member);
        }
      }
      case STRING -> {
        String text = document.text(token).value();
        if (!ApiWords.contains(text)
            && !ProviderIds.isOne(member, text)
            && !Media.isReference(parent, member)
            && !Media.isOne(parent, member, text)) {
          texts.add(text);
        }
      }
      case NUMBER -> numbers++;
      case KEY, TRUE, FALSE, NULL -> {}
    }
  }

  private void addObject(int object, String member) {
    SealedObject sealed = dialect.sealedIn(document, object);
    String parent = document.says(document.member(object, "type"), "text") ? "" : member;
    for (int key = document.firstChild(object);
        key < document.after(object);
        key = document.after(key + 1)) {
      String name = document.text(key).value();
      if (!ABOUT.contains(name) && (sealed == null || !sealed.seals().contains(name))) {
        if (ofRequest && !ApiWords.contains(name)) {
          texts.add(name);
        }
        add(key + 1, parent, name);
      }
    }
  }
}
