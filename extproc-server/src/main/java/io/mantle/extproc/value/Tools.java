package io.mantle.extproc.value;

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Into what tools are called with in an answer values are restored: into that of the tools which
 * the client declared, but for those that the tenant wants left. Immutable.
 *
 * @param declared the names of the request's tools, and of the servers that lend it some; null
 *     where the answer says them, since its request was another one
 * @param named what the tenant's policy says of tools by name, declared or not; of {@link #OTHERS}
 *     it says what becomes of the declared ones that it does not name
 */
public record Tools(@Nullable Set<String> declared, Map<String, Boolean> named) {
  /** Stands in a policy for the tools that it does not name. */
  public static final String OTHERS = "*";

  /** Of a request that declares none, under a policy that names none. */
  public static final Tools NONE = new Tools(Set.of(), Map.of());

  public Tools {
    declared = declared == null ? null : Set.copyOf(declared);
    named = Map.copyOf(named);
  }

  /** Of an answer that the provider stored, under a policy that names these. */
  public static Tools toldByAnswer(Map<String, Boolean> named) {
    return new Tools(null, named);
  }

  /** The same, where the answer says them with these. */
  public Tools told(Supplier<Set<String>> declaredByAnswer) {
    return declared == null ? new Tools(declaredByAnswer.get(), named) : this;
  }

  /**
   * Whether values are restored in what a tool is called with.
   *
   * @param names the tool's, and that of the server that lent it, where the answer says one; none
   *     where it does not say which tool is called
   */
  public boolean restores(Set<String> names) {
    boolean restores = false;
    for (String name : names) {
      Boolean said = named.get(name);
      if (said == null) {
        restores |= declared != null && declared.contains(name) && named.getOrDefault(OTHERS, true);
      } else if (said) {
        restores = true;
      } else {
        return false;
      }
    }
    return restores;
  }
}
