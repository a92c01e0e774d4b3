package io.mantle.extproc.dialect;

import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of the tools that a request declares: of {@code tools} and of {@code functions}, what
 * came before them, in the shapes of all dialects, and of the MCP servers that lend it theirs. A
 * tool of the provider's own has none and is declared by its {@code type}, which says its version
 * too: {@code computer_use_preview} is called as {@code computer}. A stored answer repeats its
 * request's in the same shape.
 */
public final class DeclaredTools {
  /** Beyond, a tool counts as not declared. */
  private static final int TOOLS_MAX = 10_000;

  private static final List<String> LISTS = List.of("tools", "functions", "mcp_servers");
  private static final List<String> NAMES = List.of("name", "server_label");

  /** What a tool's name may stand in: a function, a tool of free text. */
  private static final List<String> HOLDERS = List.of("function", "custom");

  /** Types that say what kind of thing has a name, and are none. */
  private static final Set<String> KINDS = Set.of("function", "custom", "mcp", "namespace");

  /** What follows the name in the type of a provider's own tool. */
  private static final Pattern VERSION =
      Pattern.compile("(_use)?(_preview)?(_\\d{8}|_\\d{4}_\\d\\d_\\d\\d)?$");

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
      addOwn(tool);
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
      String name = said(object, member);
      if (name != null) {
        names.add(name);
      }
    }
  }

  private void addOwn(int tool) {
    String type = said(tool, "type");
    if (type != null && !KINDS.contains(type)) {
      names.add(VERSION.matcher(type).replaceFirst(""));
    }
  }

  private @Nullable String said(int object, String member) {
    int token = document.member(object, member);
    return token >= 0 && document.kind(token) == JsonKind.STRING
        ? document.text(token).value()
        : null;
  }
}
