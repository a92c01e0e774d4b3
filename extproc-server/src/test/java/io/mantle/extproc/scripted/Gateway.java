package io.mantle.extproc.scripted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mantle.extproc.request.Admission;
import io.mantle.extproc.request.ConversationMemory;
import io.mantle.extproc.request.RequestPipeline;
import io.mantle.extproc.response.ResponsePipeline;
import io.mantle.extproc.tenant.Policies;
import io.mantle.extproc.tenant.PolicyBook;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.RequestHead;
import io.mantle.privacy.PrivacyEngine;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.surrogate.SurrogateMint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The request's way with a client before it: no Envoy, no network. */
public final class Gateway {
  public static final int BODY_BYTES_MAX = 1 << 20;

  private final RequestPipeline requests;

  private Gateway(RequestPipeline requests) {
    this.requests = requests;
  }

  /** The engine as it is in production, made once for all tests. */
  private static final class Engine {
    private static final PrivacyEngine STANDARD =
        new PrivacyEngine(Detectors.standard(), SurrogateMint.load());
  }

  public static PrivacyEngine engine() {
    return Engine.STANDARD;
  }

  /** A gateway of these tenants; of {@link Tenants#acme} where none is given. */
  public static Gateway of(TenantPolicy... tenants) {
    return remembering(ConversationMemory.NONE, tenants);
  }

  /** The same with a memory. */
  public static Gateway remembering(ConversationMemory memory, TenantPolicy... tenants) {
    return new Gateway(
        new RequestPipeline(
            book(tenants),
            engine(),
            tenant -> tenant.privacy().examination().detector(),
            memory,
            BODY_BYTES_MAX));
  }

  /** The request pipeline alone, with the engine's own detector. */
  public static RequestPipeline requests(PrivacyEngine engine, TenantPolicy... tenants) {
    return new RequestPipeline(
        book(tenants), engine, _ -> engine.detector(), ConversationMemory.NONE, BODY_BYTES_MAX);
  }

  private static PolicyBook book(TenantPolicy... tenants) {
    PolicyBook book = new PolicyBook();
    book.swap(
        Policies.NONE.with(
            tenants.length == 0 ? List.of(Tenants.acme()) : List.of(tenants), List.of()),
        true);
    return book;
  }

  /** The head of a chat completion request; {@code more} comes first, and so wins. */
  public static RequestHead chatHead(Header... more) {
    return head("POST", "/v1/chat/completions", true, more);
  }

  public static RequestHead head(
      String method, String target, boolean bodyFollows, Header... more) {
    List<Header> headers = new ArrayList<>(List.of(more));
    headers.add(new Header("authorization", "Bearer " + Tenants.KEY));
    headers.add(new Header("content-type", "application/json"));
    return new RequestHead(method, target, headers, bodyFollows);
  }

  public Admission admit(RequestHead head) throws RefusedException {
    return requests.admit(head, "request-1");
  }

  /** Sends a chat completion request. */
  public Sent send(String body, Header... more) throws RefusedException {
    return send(body.getBytes(StandardCharsets.UTF_8), more);
  }

  public Sent send(byte[] body, Header... more) throws RefusedException {
    return sendTo("/v1/chat/completions", body, more);
  }

  /** Sends a request with a body to any endpoint. */
  public Sent sendTo(String path, String body, Header... more) throws RefusedException {
    return sendTo(path, body.getBytes(StandardCharsets.UTF_8), more);
  }

  private Sent sendTo(String path, byte[] body, Header... more) throws RefusedException {
    Admission.Admitted admitted = admitted(head("POST", path, true, more));
    return new Sent(requests.depart(admitted, body), admitted.endpoint().dialect());
  }

  private Admission.Admitted admitted(RequestHead head) throws RefusedException {
    if (admit(head) instanceof Admission.Admitted admitted) {
      return admitted;
    }
    throw new AssertionError("a request with a body was answered on the spot");
  }

  /**
   * Does with a whole answer that the provider stores what an exchange does.
   *
   * @return the client's body
   */
  public String tell(Sent sent, String answer) throws RefusedException {
    ResponsePipeline answering = sent.answering(200, Sent.JSON);
    assertThat(answering.accept(answer.getBytes(StandardCharsets.UTF_8))).isEmpty();
    String body = new String(answering.finish(), StandardCharsets.UTF_8);
    String id = answering.answerId();
    assertThat(id).as("the answer's id").isNotNull();
    requests.answered(
        admitted(head("POST", "/v1/responses", true)),
        sent.departure().call(),
        Objects.requireNonNull(id));
    return body;
  }

  /** Whether a request may wait for another process. */
  public boolean mayWait() {
    return requests.mayWait();
  }

  /** Sends a request without a body. */
  public Sent sendWithoutBody(RequestHead head) throws RefusedException {
    if (admit(head) instanceof Admission.WithoutBody request) {
      return new Sent(requests.depart(request), request.admitted().endpoint().dialect());
    }
    throw new AssertionError("a request for what is stored was not let in");
  }

  /** What a head is refused with. */
  public Refusal refusalOf(RequestHead head) {
    RefusedException refused = catchThrowableOfType(RefusedException.class, () -> admit(head));
    assertThat(refused).as("a refusal").isNotNull();
    return refused.refusal();
  }

  /** What a body is refused with. */
  public Refusal refusalOf(byte[] body) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> send(body).departure());
    assertThat(refused).as("a refusal").isNotNull();
    return refused.refusal();
  }

  /** What a body is refused with at any endpoint. */
  public Refusal refusalAt(String path, String body) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> sendTo(path, body).departure());
    assertThat(refused).as("a refusal").isNotNull();
    return refused.refusal();
  }

  public Refusal refusalOf(String body) {
    return refusalOf(body.getBytes(StandardCharsets.UTF_8));
  }
}
