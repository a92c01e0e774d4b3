package io.mantle.extproc.dialect;

import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import java.util.HashSet;
import java.util.Set;

/**
 * Where in a request the client and its user speak for themselves: instructions, and the text of
 * turns of the roles system, developer and user. What such a text names is meant by who sends it.
 *
 * <p>All else is somebody else's words, or may be: what a tool returned, a document, what the model
 * said before, a field invented tomorrow. So a turn counts only in the shapes that are known, and a
 * block of a turn only if it is text itself.
 *
 * @param members of the request's root that hold such texts or turns
 */
public record ClientWords(Set<String> members) {
  private static final Set<String> ROLES = Set.of("system", "developer", "user");
  private static final Set<String> TEXT_BLOCKS = Set.of("text", "input_text");

  /** Takes a copy. */
  public ClientWords {
    members = Set.copyOf(members);
  }

  /** The strings of a request that are such texts. */
  public Set<Integer> in(JsonDocument request) {
    Set<Integer> texts = new HashSet<>();
    int root = request.root();
    for (String member : members) {
      addTurns(request, onlyMember(request, root, member), texts);
    }
    return texts;
  }

  private static void addTurns(JsonDocument request, int value, Set<Integer> texts) {
    if (kind(request, value) != JsonKind.ARRAY) {
      addContent(request, value, texts);
      return;
    }
    for (int turn = request.firstChild(value);
        turn < request.after(value);
        turn = request.after(turn)) {
      int role = member(request, turn, "role");
      if (role < 0) {
        addBlock(request, turn, texts);
      } else if (isClients(request, turn)) {
        addContent(request, onlyMember(request, turn, "content"), texts);
      }
    }
  }

  private static boolean isClients(JsonDocument request, int turn) {
    int type = member(request, turn, "type");
    boolean message = type < 0 || request.says(onlyMember(request, turn, "type"), "message");
    return message && saysOneOf(request, onlyMember(request, turn, "role"), ROLES);
  }

  private static void addContent(JsonDocument request, int content, Set<Integer> texts) {
    if (kind(request, content) != JsonKind.ARRAY) {
      addBlock(request, content, texts);
      return;
    }
    for (int block = request.firstChild(content);
        block < request.after(content);
        block = request.after(block)) {
      addBlock(request, block, texts);
    }
  }

  private static void addBlock(JsonDocument request, int block, Set<Integer> texts) {
    int text = block;
    if (kind(request, block) == JsonKind.OBJECT) {
      boolean isText = saysOneOf(request, onlyMember(request, block, "type"), TEXT_BLOCKS);
      text = isText ? onlyMember(request, block, "text") : -1;
    }
    if (kind(request, text) == JsonKind.STRING) {
      texts.add(text);
    }
  }

  private static boolean saysOneOf(JsonDocument request, int token, Set<String> words) {
    return words.stream().anyMatch(word -> request.says(token, word));
  }

  private static JsonKind kind(JsonDocument request, int token) {
    return token < 0 ? JsonKind.NULL : request.kind(token);
  }

  private static int member(JsonDocument request, int object, String name) {
    return kind(request, object) == JsonKind.OBJECT ? request.member(object, name) : -1;
  }

  /** Of a member that stands there twice nobody knows which one is read. */
  private static int onlyMember(JsonDocument request, int object, String name) {
    int member = member(request, object, name);
    return member >= 0 && request.count(object, name) == 1 ? member : -1;
  }
}
