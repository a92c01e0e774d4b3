package io.mantle.extproc.dialect;

import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The names of the tools that a request declares: of {@code tools} and of {@code functions}, what
 * came before them, in the shapes of all dialects, and of the MCP servers that lend it theirs. A
 * stored answer repeats its request's in the same shape.
 */
public final class DeclaredTools {
  /** Beyond, a tool counts as not declared. */
  private static final int TOOLS_MAX = 10_000;

  private static final List<String> LISTS = List.of("tools", "functions", "mcp_servers");
  private static final List<String> NAMES = List.of("name", "server_label");

  /** What a tool's name may stand in: a function, a tool of free text. */
  private static final List<String> HOLDERS = List.of("function", "custom");

  private final JsonDocument document;
  private final Set<String> names = new HashSet<>();

  private DeclaredTools(JsonDocument document) {
    this.document = document;
  }

  /** Those that {@code object} of the document declares: a request, or a stored answer. */
  public static Set<String> in(JsonDocument document, int object) {
    DeclaredTools tools = new DeclaredTools(document);
    for (String list : LISTS) {
      tools.addAll(document.member(object, list), true);
    }
    return tools.names;
  }

  /**
   * Adds the tools of a list.
   *
   * @param groups whether one may be a group that has a list of its own
   */
  private void addAll(int list, boolean groups) {
    if (list < 0 || document.kind(list) != JsonKind.ARRAY) {
      return;
    }
    for (int tool = document.firstChild(list);
        tool < document.after(list) && names.size() < TOOLS_MAX;
        tool = document.after(tool)) {
      if (document.kind(tool) != JsonKind.OBJECT) {
        continue;
      }
      add(tool);
      for (String holder : HOLDERS) {
        add(document.member(tool, holder));
      }
      if (groups) {
        addAll(document.member(tool, "tools"), false);
      }
    }
  }

  private void add(int object) {
    if (object < 0 || document.kind(object) != JsonKind.OBJECT) {
      return;
    }
    for (String member : NAMES) {
      int name = document.member(object, member);
      if (name >= 0 && document.kind(name) == JsonKind.STRING) {
        names.add(document.text(name).value());
      }
    }
  }
}
