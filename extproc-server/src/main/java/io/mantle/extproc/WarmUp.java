package io.mantle.extproc;

import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.request.Admission;
import io.mantle.extproc.request.ConversationMemory;
import io.mantle.extproc.request.RequestPipeline;
import io.mantle.extproc.response.ResponsePipeline;
import io.mantle.extproc.tenant.AnswerPolicy;
import io.mantle.extproc.tenant.KeyHash;
import io.mantle.extproc.tenant.ModelPattern;
import io.mantle.extproc.tenant.Policies;
import io.mantle.extproc.tenant.PolicyBook;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Departure;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.ProviderKind;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.RequestHead;
import io.mantle.extproc.value.ResponseHead;
import io.mantle.privacy.PrivacyEngine;
import io.mantle.privacy.detect.DetectionPolicy;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.PrivacyPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Exchanges of a made-up tenant, through the same pipelines, before the first real one: a cold JVM
 * takes up to half a second for its first exchange.
 */
final class WarmUp {
  private static final Dialect DIALECT = Endpoint.CHAT_COMPLETIONS.dialect();
  private static final String KEY = "sk-mantle-warm-up";
  private static final byte[] BODY =
      """
      {"model":"m","stream":true,"messages":[{"role":"system","content":"You are a helpful assistant for a bank."},\
      {"role":"user","content":"Please write to Jane Smith (jane.smith@example.com, +1 415 555 0142) about card \
      4111 1111 1111 1111 and account DE89 3704 0044 0532 0130 00. She called yesterday from Boston."}]}\
      """
          .getBytes(StandardCharsets.UTF_8);

  private static final PrivacyPolicy ACTIONS =
      new PrivacyPolicy(
          Map.of(
              EntityType.PERSON, Action.SUBSTITUTE,
              EntityType.EMAIL, Action.SUBSTITUTE,
              EntityType.PHONE, Action.SUBSTITUTE,
              EntityType.CREDIT_CARD, Action.SUBSTITUTE,
              EntityType.IBAN, Action.SUBSTITUTE));

  private WarmUp() {}

  /** Runs exchanges until the time is over; returns how many bytes came of it. */
  static long run(PrivacyEngine engine, Duration time) throws RefusedException {
    PolicyBook book = new PolicyBook();
    book.swap(Policies.NONE.with(List.of(tenant()), List.of()), true);
    RequestPipeline requests =
        new RequestPipeline(
            book, engine, _ -> engine.detector(), ConversationMemory.NONE, BODY.length);
    RequestHead head =
        new RequestHead(
            "POST",
            "/v1/chat/completions",
            List.of(
                new Header("authorization", "Bearer " + KEY),
                new Header("content-type", "application/json")),
            true);
    long bytes = 0;
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      if (requests.admit(head, "warm-up") instanceof Admission.Admitted admitted) {
        bytes += answer(requests.depart(admitted, BODY));
      }
    }
    return bytes;
  }

  /** The provider repeats what it was sent, once in a stream and once whole. */
  private static long answer(Departure departure) throws RefusedException {
    ResponsePipeline stream =
        ResponsePipeline.begin(
            departure.call(), DIALECT, new ResponseHead(200, "text/event-stream", "", true));
    long bytes = 0;
    String said = new String(departure.body(), StandardCharsets.UTF_8).replace('"', ' ');
    for (int at = 0; at < said.length(); at += 24) {
      String piece = said.substring(at, Math.min(said.length(), at + 24));
      bytes += stream.accept(event(piece)).length;
    }
    bytes += stream.finish().length;
    ResponsePipeline whole =
        ResponsePipeline.begin(
            departure.call(), DIALECT, new ResponseHead(200, "application/json", "", true));
    return bytes + whole.accept(departure.body()).length + whole.finish().length;
  }

  private static byte[] event(String piece) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n"
        .formatted(piece)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static TenantPolicy tenant() {
    TenantPolicy.Provider provider =
        new TenantPolicy.Provider(
            "p", "p", ProviderKind.OPENAI, "http://p:80", "/v1", "k", List.of("m"), true);
    return new TenantPolicy(
        "warm-up",
        "0",
        new byte[32],
        List.of(new TenantPolicy.ProxyKey("k", KeyHash.of(KEY))),
        List.of(provider),
        List.of(new TenantPolicy.Route(new ModelPattern("*"), List.of(provider))),
        new TenantPolicy.Privacy(
            ACTIONS,
            DetectionPolicy.STANDARD,
            new Examination(Detectors.standard(), ACTIONS),
            false,
            false,
            "",
            AnswerPolicy.DEFAULT,
            false,
            false));
  }
}
