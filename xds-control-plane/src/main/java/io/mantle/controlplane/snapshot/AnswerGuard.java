package io.mantle.controlplane.snapshot;

import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;

/**
 * The net under the answers: a filter that stands before ext_proc, so that it sees an answer after
 * it, and breaks one that ext_proc did not account for. The request's way has a net of its own: a
 * request finds no route unless ext_proc names it.
 */
final class AnswerGuard {

  private AnswerGuard() {}

  static Lua build() {
    return Lua.newBuilder()
        .setDefaultSourceCode(
            DataSource.newBuilder().setInlineString(EnvoyScript.read("answer_guard.lua")))
        .build();
  }
}
