package io.mantle.extproc.value;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request before its body.
 *
 * @param method as sent
 * @param target path and query, as sent
 * @param headers in the order sent, without pseudo-headers, names in lower case
 * @param bodyFollows whether a body will come
 */
public record RequestHead(String method, String target, List<Header> headers, boolean bodyFollows) {

  /** The path without the query. */
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** The first header of that name, or null. */
  public @Nullable String header(String name) {
    for (Header header : headers) {
      if (header.name().equals(name)) {
        return header.value();
      }
    }
    return null;
  }

  /** Prints no header's value and no query. */
  @Override
  public String toString() {
    return "RequestHead[" + method + ", " + headers.size() + " headers]";
  }
}
