package io.mantle.controlplane.snapshot;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Endpoints in order of preference: where a request goes, and where it goes next when that fails.
 * Most have one. An endpoint may stand there twice, for two credentials.
 */
record Chain(List<ProviderEndpoint> endpoints) {
  Chain {
    endpoints = List.copyOf(endpoints);
  }

  /**
   * The names of its endpoints with commas between them: what its cluster is called, and what
   * ext_proc names it by. A request that was admitted for other endpoints so finds no route,
   * whatever became of its provider meanwhile.
   */
  String name() {
    return endpoints.size() == 1
        ? endpoints.getFirst().clusterName()
        : endpoints.stream().map(ProviderEndpoint::clusterName).collect(Collectors.joining(","));
  }

  boolean hasAlternatives() {
    return endpoints.size() > 1;
  }
}
