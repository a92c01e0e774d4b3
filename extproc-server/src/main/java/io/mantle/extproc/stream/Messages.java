package io.mantle.extproc.stream;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.RequestHead;
import io.mantle.extproc.value.ResponseHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads what Envoy sends into values. */
final class Messages {

  private Messages() {}

  static RequestHead requestHead(HttpHeaders message) {
    String method = "";
    String target = "";
    List<Header> headers = new ArrayList<>(message.getHeaders().getHeadersCount());
    for (HeaderValue header : message.getHeaders().getHeadersList()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      switch (name) {
        case ":method" -> method = value(header);
        case ":path" -> target = value(header);
        default -> {
          if (!name.startsWith(":")) {
            headers.add(new Header(name, value(header)));
          }
        }
      }
    }
    return new RequestHead(method, target, List.copyOf(headers), !message.getEndOfStream());
  }

  static ResponseHead responseHead(HttpHeaders message) {
    int status = 0;
    String contentType = "";
    String contentEncoding = "";
    for (HeaderValue header : message.getHeaders().getHeadersList()) {
      switch (header.getKey()) {
        case ":status" -> status = Integer.parseInt(value(header));
        case "content-type" -> contentType = value(header);
        case "content-encoding" -> contentEncoding = value(header);
        default -> {}
      }
    }
    int parameters = contentType.indexOf(';');
    return new ResponseHead(
        status,
        (parameters < 0 ? contentType : contentType.substring(0, parameters))
            .strip()
            .toLowerCase(Locale.ROOT),
        contentEncoding.strip().toLowerCase(Locale.ROOT),
        !message.getEndOfStream());
  }

  /**
   * Which of a provider's headers stay here: its cookies, which are between it and us, and names in
   * which only this gateway speaks.
   */
  static List<String> withheld(HttpHeaders message) {
    return message.getHeaders().getHeadersList().stream()
        .map(HeaderValue::getKey)
        .filter(
            name ->
                name.equals("set-cookie")
                    || name.startsWith("x-mantle-")
                    || name.startsWith("x-envoy-"))
        .distinct()
        .toList();
  }

  private static String value(HeaderValue header) {
    return header.getRawValue().isEmpty() ? header.getValue() : header.getRawValue().toStringUtf8();
  }
}
