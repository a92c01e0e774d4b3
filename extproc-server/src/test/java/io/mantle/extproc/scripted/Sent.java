package io.mantle.extproc.scripted;

import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.response.ResponsePipeline;
import io.mantle.extproc.value.Departure;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A request that has left, and the ways in which its provider may answer. */
public record Sent(Departure departure, Dialect dialect) {
  public static final String JSON = "application/json";
  public static final String SSE = "text/event-stream";

  /** The body that the provider reads. */
  public String upstream() {
    return new String(departure.body(), StandardCharsets.UTF_8);
  }

  /** Begins an answer. */
  public ResponsePipeline answering(int status, String contentType) throws RefusedException {
    return ResponsePipeline.begin(
        departure.call(), dialect, new ResponseHead(status, contentType, "", true));
  }

  /** The client's body where the provider's comes in one piece. */
  public String answer(String contentType, String body) throws RefusedException {
    return new String(
        answer(contentType, body.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }

  /**
   * The client's body where the provider's comes cut.
   *
   * @param cuts in ascending order
   */
  public byte[] answer(String contentType, byte[] body, int... cuts) throws RefusedException {
    ResponsePipeline pipeline = answering(200, contentType);
    ByteArrayOutputStream client = new ByteArrayOutputStream(body.length + 64);
    int from = 0;
    for (int cut : cuts) {
      client.writeBytes(pipeline.accept(Arrays.copyOfRange(body, from, cut)));
      from = cut;
    }
    client.writeBytes(pipeline.accept(Arrays.copyOfRange(body, from, body.length)));
    client.writeBytes(pipeline.finish());
    return client.toByteArray();
  }
}
