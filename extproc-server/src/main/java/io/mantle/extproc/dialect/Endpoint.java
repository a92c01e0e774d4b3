package io.mantle.extproc.dialect;

import org.jspecify.annotations.Nullable;

/** What can be asked for. */
public enum Endpoint {
  CHAT_COMPLETIONS("POST", "/v1/chat/completions"),
  MODELS("GET", "/v1/models");

  private final String method;
  private final String path;

  Endpoint(String method, String path) {
    this.method = method;
    this.path = path;
  }

  public String path() {
    return path;
  }

  /** The path below a provider's base path. */
  public String pathBelowBase() {
    return path.substring("/v1".length());
  }

  /** The endpoint, or null where there is none. */
  public static @Nullable Endpoint of(String method, String path) {
    for (Endpoint endpoint : values()) {
      if (endpoint.method.equals(method) && endpoint.path.equals(path)) {
        return endpoint;
      }
    }
    return null;
  }

  /** All of them, for people: {@code POST /v1/chat/completions, GET /v1/models}. */
  public static String listed() {
    StringBuilder listed = new StringBuilder();
    for (Endpoint endpoint : values()) {
      listed
          .append(listed.isEmpty() ? "" : ", ")
          .append(endpoint.method)
          .append(' ')
          .append(endpoint.path);
    }
    return listed.toString();
  }
}
