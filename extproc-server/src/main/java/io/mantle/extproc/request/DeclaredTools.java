package io.mantle.extproc.request;

import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The names of the tools that a request declares: of {@code tools} and of {@code functions}, what
 * came before them, in the shapes of all dialects, and of the MCP servers that lend it theirs.
 */
final class DeclaredTools {
  /** Beyond, a tool counts as not declared. */
  private static final int TOOLS_MAX = 10_000;

  private static final List<String> LISTS = List.of("tools", "functions", "mcp_servers");
  private static final List<String> NAMES = List.of("name", "server_label");

  /** What a tool's name may stand in: a function, a tool of free text. */
  private static final List<String> HOLDERS = List.of("function", "custom");

  private final JsonDocument request;
  private final Set<String> names = new HashSet<>();

  private DeclaredTools(JsonDocument request) {
    this.request = request;
  }

  static Set<String> in(JsonDocument request) {
    DeclaredTools tools = new DeclaredTools(request);
    for (String list : LISTS) {
      tools.addAll(request.member(request.root(), list), true);
    }
    return tools.names;
  }

  /**
   * Adds the tools of a list.
   *
   * @param groups whether one may be a group that has a list of its own
   */
  private void addAll(int list, boolean groups) {
    if (list < 0 || request.kind(list) != JsonKind.ARRAY) {
      return;
    }
    for (int tool = request.firstChild(list);
        tool < request.after(list) && names.size() < TOOLS_MAX;
        tool = request.after(tool)) {
      if (request.kind(tool) != JsonKind.OBJECT) {
        continue;
      }
      add(tool);
      for (String holder : HOLDERS) {
        add(request.member(tool, holder));
      }
      if (groups) {
        addAll(request.member(tool, "tools"), false);
      }
    }
  }

  private void add(int object) {
    if (object < 0 || request.kind(object) != JsonKind.OBJECT) {
      return;
    }
    for (String member : NAMES) {
      int name = request.member(object, member);
      if (name >= 0 && request.kind(name) == JsonKind.STRING) {
        names.add(request.text(name).value());
      }
    }
  }
}
