package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what the HTTP server itself refuses (a URL or header that it cannot read, or will not) as
 * everything else is answered, in place of its own page.
 */
final class UnparsedRequests implements Request.Handler {
  private final Map<String, String> headers;

  UnparsedRequests(Map<String, String> headers) {
    this.headers = headers;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus() < 400 ? 500 : response.getStatus();
    response.setStatus(status);
    headers.forEach(response.getHeaders()::put);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    String problem =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "about:blank")
            .put("title", "Refused")
            .put("status", status)
            .put("detail", "The request was refused.")
            .toString();
    Content.Sink.write(response, true, problem, callback);
    return true;
  }
}
