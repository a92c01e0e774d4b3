package io.mantle.extproc.dialect;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What can be asked for. */
public enum Endpoint {
  CHAT_COMPLETIONS("POST", "/v1/chat/completions"),
  COMPLETIONS("POST", "/v1/completions"),
  RESPONSES("POST", "/v1/responses"),
  RESPONSE("GET", "/v1/responses/{id}"),
  DELETED_RESPONSE("DELETE", "/v1/responses/{id}"),
  EMBEDDINGS("POST", "/v1/embeddings"),
  MESSAGES("POST", "/v1/messages"),
  COUNT_TOKENS("POST", "/v1/messages/count_tokens"),
  MODELS("GET", "/v1/models"),
  MODEL("GET", "/v1/models/{id}");

  private static final String ID = "{id}";
  private static final String VERSION = "/v1";

  private final String method;
  private final String path;

  Endpoint(String method, String path) {
    this.method = method;
    this.path = path;
  }

  /** Its HTTP method. */
  public String method() {
    return method;
  }

  /** As it is written in documents, {@code {id}} standing for what names one thing. */
  public String path() {
    return path;
  }

  /** How its bodies speak. */
  public Dialect dialect() {
    return switch (this) {
      case CHAT_COMPLETIONS, MODELS, MODEL -> OpenAi.CHAT_COMPLETIONS;
      case COMPLETIONS -> OpenAi.COMPLETIONS;
      case RESPONSES, RESPONSE, DELETED_RESPONSE -> OpenAi.RESPONSES;
      case EMBEDDINGS -> OpenAi.EMBEDDINGS;
      case MESSAGES, COUNT_TOKENS -> Anthropic.MESSAGES;
    };
  }

  /** The path below a provider's base path, {@code id} in its place where there is one. */
  public String pathBelowBase(String id) {
    return path.substring(VERSION.length()).replace(ID, id);
  }

  /** What {@code requested}, a path of this endpoint, names; empty where it names nothing. */
  public String idIn(String requested) {
    return path.endsWith(ID) ? requested.substring(path.length() - ID.length()) : "";
  }

  private boolean isAt(String requested) {
    if (!path.endsWith(ID)) {
      return path.equals(requested);
    }
    int prefix = path.length() - ID.length();
    return requested.length() > prefix && requested.startsWith(path.substring(0, prefix));
  }

  /** The endpoint, or null where there is none. */
  public static @Nullable Endpoint of(String method, String path) {
    for (Endpoint endpoint : values()) {
      if (endpoint.method.equals(method) && endpoint.isAt(path)) {
        return endpoint;
      }
    }
    return null;
  }

  /** All of them, for people: {@code POST /v1/chat/completions, GET /v1/models}. */
  public static String listed() {
    return Arrays.stream(values())
        .map(endpoint -> endpoint.method + " " + endpoint.path)
        .collect(Collectors.joining(", "));
  }
}
