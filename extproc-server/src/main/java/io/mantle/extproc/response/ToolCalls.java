package io.mantle.extproc.response;

import io.mantle.extproc.dialect.DeclaredTools;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.Tools;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import io.mantle.privacy.rehydrate.Restoration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads off an answer which tool is called, and knows whether values go into that call. */
final class ToolCalls {
  /** Members that say which tool it is, and which server lent it. */
  private static final List<String> NAMES = List.of("name", "server_label", "server_name");

  /** Ends the type of a call to a tool of the provider's own, which has no other name. */
  private static final String CALL = "_call";

  /** What such a tool is called with. */
  private static final Set<String> OWN_ARGUMENTS = Set.of("action", "actions", "operation", "code");

  /** An event that goes on with such a call; what the tool put out is none of its arguments. */
  private static final Pattern OWN_EVENT =
      Pattern.compile(
          "response\\.(?!(?:function|custom_tool|mcp)_call)(\\w*?)_call_(?!output)\\w+\\.\\w+");

  private final Restoration restoration;
  private final Tools tools;

  ToolCalls(Call.Answer answer) {
    this.restoration = answer.restoration();
    this.tools = answer.tools();
  }

  /** Of an answer that is whole, and so says what it was asked with where it is a stored one. */
  ToolCalls(Call.Answer answer, JsonDocument whole) {
    this.restoration = answer.restoration();
    this.tools = answer.tools().told(() -> asSaid(DeclaredTools.in(whole, whole.root())));
  }

  /** The names as the client said them: one that was masked is known again. */
  private Set<String> asSaid(Set<String> names) {
    Set<String> said = new HashSet<>();
    names.forEach(name -> said.add(restoration.untallied().restoreText(name)));
    return said;
  }

  /**
   * Whether {@code member} of {@code object} is what a tool is called with: JSON source, or text or
   * JSON as it is.
   */
  static boolean isArgument(JsonDocument document, int object, String member) {
    return switch (member) {
      case "arguments" -> true;
      case "input" -> document.member(object, "name") >= 0;
      default -> false;
    };
  }

  /** Whether {@code object} says a name, as a call does where it begins; an empty one is none. */
  static boolean isNamed(JsonDocument document, int object) {
    return !said(document, object, "name").isEmpty();
  }

  /**
   * Whether {@code member} of {@code object} is what a tool of the provider's own is called with.
   */
  static boolean isArgumentOfOwnTool(JsonDocument document, int object, String member) {
    return OWN_ARGUMENTS.contains(member) && said(document, object, "type").endsWith(CALL);
  }

  /** What {@code object} says of the tool it calls; nothing where it does not. */
  static Set<String> names(JsonDocument document, int object) {
    Set<String> names = new HashSet<>();
    for (String member : NAMES) {
      String name = said(document, object, member);
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    String type = said(document, object, "type");
    if (names.isEmpty() && type.endsWith(CALL)) {
      names.add(type.substring(0, type.length() - CALL.length()));
    }
    return names;
  }

  /** Whether an event goes on with a call to a tool of the provider's own that stays as it is. */
  boolean leaves(JsonDocument event) {
    Matcher own = OWN_EVENT.matcher(said(event, event.root(), "type"));
    return own.matches() && !tools.restores(Set.of(own.group(1)));
  }

  private static String said(JsonDocument document, int object, String member) {
    int token = document.member(object, member);
    return token >= 0 && document.kind(token) == JsonKind.STRING
        ? document.text(token).value()
        : "";
  }

  /**
   * Whether values are restored in what that tool is called with.
   *
   * @param names as the provider says them
   */
  boolean restores(Set<String> names) {
    return tools.restores(asSaid(names));
  }
}
