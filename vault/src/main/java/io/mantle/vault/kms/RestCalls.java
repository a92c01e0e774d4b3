package io.mantle.vault.kms;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * POSTs of small JSON objects to a service's API, whose answers are read for one text. Redirects
 * are not followed: they would carry the credential elsewhere.
 */
final class RestCalls {
  private static final long ANSWER_BYTES_MAX = 64 * 1_024;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final JsonFactory JSON = new JsonFactory();

  private final HttpClient http;

  RestCalls(HttpClient.Builder http, Duration connectTimeout) {
    this.http =
        http.connectTimeout(connectTimeout).followRedirects(HttpClient.Redirect.NEVER).build();
  }

  /**
   * Asks.
   *
   * @param opens whether something sealed is to be opened, so that 400 says that it does not open
   * @param field the names that lead to the text in the answer
   */
  String post(
      URI uri,
      Map<String, String> headers,
      String name,
      String value,
      boolean opens,
      List<String> field)
      throws GeneralSecurityException, KmsFailureException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(object(name, value)));
    headers.forEach(request::header);
    HttpResponse<String> answer;
    try {
      answer =
          http.send(
              request.build(),
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofString(), ANSWER_BYTES_MAX));
    } catch (IOException e) {
      // Without the cause's words, which are the peer's in part.
      throw KmsFailureException.passing("cannot be reached (" + e.getClass().getSimpleName() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KmsFailureException.passing("was left before it answered");
    }
    judge(answer.statusCode(), opens);
    return text(answer.body(), field);
  }

  private static void judge(int status, boolean opens)
      throws GeneralSecurityException, KmsFailureException {
    if (status == 200) {
      return;
    }
    if (status == 400 && opens) {
      throw new GeneralSecurityException("the key management service does not open it");
    }
    if (status == TOO_MANY_REQUESTS || status >= 500) {
      throw KmsFailureException.passing("answered with status " + status);
    }
    throw KmsFailureException.lasting("refused with status " + status);
  }

  private static String object(String name, String value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField(name, value);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory takes what is written", e);
    }
    return text.toString();
  }

  private static String text(String body, List<String> field) throws KmsFailureException {
    Deque<String> at = new ArrayDeque<>();
    try (JsonParser json = JSON.createParser(body)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        switch (token) {
          case START_OBJECT, START_ARRAY -> at.addLast("");
          case END_OBJECT, END_ARRAY -> at.removeLast();
          case FIELD_NAME -> {
            at.removeLast();
            at.addLast(json.currentName());
          }
          case VALUE_STRING -> {
            if (List.copyOf(at).equals(field)) {
              return json.getText();
            }
          }
          default -> {}
        }
      }
    } catch (IOException e) {
      // told below, without the parser's words, which quote what it read
    }
    throw KmsFailureException.passing("answered with something else than its API says");
  }
}
