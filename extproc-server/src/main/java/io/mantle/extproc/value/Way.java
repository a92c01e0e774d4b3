package io.mantle.extproc.value;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes: to one provider, or to the next where that fails.
 *
 * @param attempts in order of preference, at least one
 * @param retries how many further attempts there are, or null for one at each further provider
 * @param firstByte how long one attempt may take to begin its answer, or null for what holds for
 *     all
 * @param modelStart where the model stands in the body that leaves, as a JSON string
 * @param modelEnd where it ends
 */
public record Way(
    List<Attempt> attempts,
    @Nullable Integer retries,
    @Nullable Duration firstByte,
    int modelStart,
    int modelEnd) {

  public Way {
    attempts = List.copyOf(attempts);
  }

  /** To one provider, once. */
  public static Way to(Attempt attempt) {
    return new Way(List.of(attempt), null, null, 0, 0);
  }

  /**
   * The route's name in Envoy: the endpoints that the request was admitted for. Envoy has none of
   * that name where a provider has moved since, so a credential never goes to another's endpoint.
   */
  public String route() {
    return attempts.stream().map(Attempt::endpoint).collect(Collectors.joining(","));
  }

  public boolean hasAlternatives() {
    return attempts.size() > 1;
  }
}
