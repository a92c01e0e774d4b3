package io.mantle.extproc.request;

import io.mantle.extproc.dialect.ApiWords;
import io.mantle.extproc.dialect.DeclaredTools;
import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.dialect.ErrorShape;
import io.mantle.extproc.dialect.ProviderIds;
import io.mantle.extproc.request.Admission.Admitted;
import io.mantle.extproc.request.BodyTexts.BodyText;
import io.mantle.extproc.request.ConversationMemory.Recalled;
import io.mantle.extproc.tenant.AnswerPolicy;
import io.mantle.extproc.tenant.Policies;
import io.mantle.extproc.tenant.PolicyBook;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Attempt;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.Caller;
import io.mantle.extproc.value.DeliveryMark;
import io.mantle.extproc.value.Departure;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.ProviderKind;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.RequestHead;
import io.mantle.extproc.value.Stage;
import io.mantle.extproc.value.Tools;
import io.mantle.extproc.value.Trail;
import io.mantle.extproc.value.Way;
import io.mantle.privacy.Masking;
import io.mantle.privacy.PrivacyEngine;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.Edits;
import io.mantle.privacy.produced.AnswerScan;
import io.mantle.privacy.rehydrate.Restoration;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.Plaintext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A request's way: authenticate, read the body, mask, choose the provider, edit.
 *
 * <p>Guarantees: what it returns holds no value that was found to be private under the caller's
 * policy, unless that policy only detects; bytes outside of an edit are the client's own; anything
 * in doubt is refused. Safe for use by many threads; keeps nothing of a request.
 */
public final class RequestPipeline {
  private static final String UNINSPECTED = "UNINSPECTED";

  private final PolicyBook policies;
  private final PrivacyEngine engine;
  private final ConversationMemory memory;
  private final RequestMasking masking;
  private final int bodyBytesMax;

  /**
   * A pipeline.
   *
   * @param detectors what finds the entities of a tenant's texts
   * @param memory of earlier requests; {@link ConversationMemory#NONE} for none
   * @param bodyBytesMax what is longer is refused
   */
  public RequestPipeline(
      PolicyBook policies,
      PrivacyEngine engine,
      Function<TenantPolicy, Detector> detectors,
      ConversationMemory memory,
      int bodyBytesMax) {
    this.policies = policies;
    this.engine = engine;
    this.memory = memory;
    this.masking = new RequestMasking(engine, detectors, memory);
    this.bodyBytesMax = bodyBytesMax;
  }

  /** Whether to depart may wait for another process, and so may not where others wait. */
  public boolean mayWait() {
    return memory.isShared();
  }

  /** How a refusal of the request is said. */
  public static ErrorShape errors(RequestHead head) {
    return Heads.errors(head);
  }

  /** Judges a request by its head. */
  public Admission admit(RequestHead head, String requestId) throws RefusedException {
    Endpoint endpoint = Heads.endpoint(head);
    if (!policies.isInForce()) {
      throw unavailable(
          "The gateway has no policies that it may go by: the control plane has been away for too long, or not been there yet. Nothing was sent.");
    }
    Policies.Access access = Authenticator.authenticate(head, policies.current());
    TenantPolicy tenant = access.tenant();
    if (!policies.isInForce(tenant.tenantId())) {
      throw unavailable(
          "The gateway has no policy of yours that it may go by: for too long it could not use what the control plane sent. Nothing was sent.");
    }
    return switch (endpoint) {
      case MODELS -> new Admission.Answered(ModelList.of(tenant, Heads.isAnthropic(head)));
      case MODEL ->
          new Admission.Answered(
              ModelList.one(tenant, endpoint.idIn(head.path()), Heads.isAnthropic(head)));
      case RESPONSE, DELETED_RESPONSE ->
          withoutBody(admitted(endpoint, access, head, requestId), head);
      case CHAT_COMPLETIONS, COMPLETIONS, RESPONSES, EMBEDDINGS, MESSAGES, COUNT_TOKENS -> {
        Heads.checkBody(head);
        yield admitted(endpoint, access, head, requestId);
      }
    };
  }

  private static RefusedException unavailable(String why) {
    return new RefusedException(Refusal.unavailable("policies_unavailable", why));
  }

  private static Admitted admitted(
      Endpoint endpoint, Policies.Access access, RequestHead head, String requestId)
      throws RefusedException {
    TenantPolicy tenant = access.tenant();
    String conversation = head.header("x-privacy-gateway-conversation");
    return new Admitted(
        endpoint,
        tenant,
        new Caller(tenant.tenantId(), access.keyId(), tenant.version()),
        requestId,
        Heads.leaving(head, endpoint.dialect().provider()),
        conversation == null ? null : Conversation.checkClientId(conversation),
        Heads.rehydrate(head),
        new Trail());
  }

  /**
   * A request for something the provider stored. It names no model, so it goes to the first
   * provider of its kind.
   */
  private static Admission withoutBody(Admitted admitted, RequestHead head)
      throws RefusedException {
    if (head.bodyFollows()) {
      throw new RefusedException(
          Refusal.ofRequest(400, "unexpected_body", "The request has a body, and takes none."));
    }
    Endpoint endpoint = admitted.endpoint();
    String id = endpoint.idIn(head.path());
    TenantPolicy.Provider provider = admitted.tenant().firstProvider(endpoint.dialect().provider());
    if (provider == null || !ProviderIds.isResponse(id)) {
      throw new RefusedException(
          Refusal.ofRequest(404, "response_not_found", "There is no response of that id."));
    }
    return new Admission.WithoutBody(admitted, provider, id);
  }

  /**
   * Makes of a request for a stored answer what may leave. What is asked to be deleted is forgotten
   * here first: if the provider then fails to, the client asks again.
   */
  public Departure depart(Admission.WithoutBody request) throws RefusedException {
    Admitted admitted = request.admitted();
    TenantPolicy tenant = admitted.tenant();
    TenantPolicy.Provider provider = request.provider();
    admitted.trail().begin();
    String conversation = memory.conversationOf(tenant.tenantId(), request.id());
    boolean deletes = admitted.endpoint() == Endpoint.DELETED_RESPONSE;
    Restoration restoration = Restoration.NONE;
    if (deletes) {
      memory.forgetAnswer(tenant.tenantId(), request.id());
    } else if (conversation != null && !tenant.privacy().detectOnly()) {
      Recalled recalled =
          memory.recall(tenant.tenantId(), Conversation.named(tenant.surrogateKey(), conversation));
      restoration = engine.restoration(recalled.said(), tenant.privacy().answers().restoring());
      if (!admitted.rehydrate()) {
        memory.show(recalled);
      }
    }
    admitted.trail().lap(Stage.VAULT);
    return new Departure(
        Way.to(Ways.attempt(provider, admitted.endpoint().pathBelowBase(request.id()), null)),
        headers(admitted),
        new byte[0],
        tenant.tenantId(),
        new Call(
            admitted.requestId(),
            conversation == null ? "" : conversation,
            new Call.Asked(provider.id(), provider.name(), provider.endpoint(), "", false, 1),
            new Call.Found(Map.of(), tenant.privacy().detectOnly()),
            new Call.Answer(
                false,
                false,
                false,
                admitted.rehydrate() ? restoration : Restoration.NONE,
                Tools.toldByAnswer(tenant.privacy().answers().tools()),
                deletes ? AnswerScan.NONE : scan(tenant, List.of(), restoration),
                mark(tenant),
                List.of())));
  }

  /** Keeps which conversation the answer of this id belongs to. May wait, as to depart may. */
  public void answered(Admitted admitted, Call call, String answerId) {
    memory.keepAnswer(admitted.tenant().tenantId(), answerId, call.conversation());
  }

  /** Counts an answer whose id nobody had the time to keep. */
  public void notAnswered() {
    memory.countAnswerNotKept();
  }

  private static DeliveryMark mark(TenantPolicy tenant) {
    return DeliveryMark.of(tenant.surrogateKey(), !tenant.privacy().detectOnly());
  }

  /** Makes of an admitted request's body what may leave. */
  public Departure depart(Admitted admitted, byte[] body) throws RefusedException {
    if (body.length > bodyBytesMax) {
      throw new RefusedException(
          Refusal.ofRequest(
              413,
              "request_too_large",
              "The request body is larger than %d bytes, the most that is accepted."
                  .formatted(bodyBytesMax)));
    }
    Dialect dialect = admitted.endpoint().dialect();
    TenantPolicy tenant = admitted.tenant();
    Trail trail = admitted.trail();
    trail.begin();
    ModelRequest request = ModelRequest.read(body, dialect);
    TenantPolicy.Route route = route(tenant, request.model(), dialect.provider());
    DeliveryMark mark = mark(tenant);
    BodyTexts found =
        BodyTexts.of(request.document(), dialect, mark, !tenant.privacy().detectOnly());
    boolean refusesMedia = tenant.privacy().refusesMedia();
    if (found.uninspected() > 0) {
      Action action = refusesMedia ? Action.BLOCK : Action.ALLOW;
      boolean detectOnly = tenant.privacy().detectOnly();
      trail.found(new Trail.Found(UNINSPECTED, action, detectOnly, found.uninspected()));
    }
    if (found.uninspected() > 0 && refusesMedia) {
      throw new RefusedException(uninspectable(request, found));
    }
    StoredTurn stored = StoredTurn.of(admitted.endpoint(), request.document());
    trail.lap(Stage.PARSE);
    Conversation conversation = conversation(admitted, request, stored);
    trail.lap(stored.previous() == null ? Stage.PARSE : Stage.VAULT);
    Masking.Masked masked = masking.mask(request, found.texts(), conversation, stored, admitted);

    List<Edit> edits = new ArrayList<>();
    for (Masking.Replacement r : masked.replacements()) {
      edits.add(found.texts().get(r.text()).text().edit(r.start(), r.end(), r.surrogate()));
    }
    edits.addAll(found.unmarked());
    Edit preservation =
        PreservationPrompt.edit(
            request.document(), dialect.systemPrompt(), tenant.privacy().preservationPrompt());
    if (preservation != null) {
      edits.add(preservation);
    }
    Edit usage =
        request.streamed()
                && dialect.toldUsage()
                && route.providers().stream().allMatch(TenantPolicy.Provider::acceptsStreamUsage)
            ? StreamUsage.edit(request.document())
            : null;
    if (usage != null) {
      edits.add(usage);
    }
    Way way = Ways.of(route, admitted.endpoint().pathBelowBase(""), request, edits);
    Edits all = new Edits();
    edits.forEach(all::add);
    byte[] edited = all.applyTo(body);
    Attempt first = way.attempts().getFirst();
    boolean keeps = stored.isKept() && !masked.restoration().isEmpty();

    Departure departure =
        new Departure(
            way,
            headers(admitted),
            edited,
            tenant.tenantId(),
            new Call(
                admitted.requestId(),
                conversation.shown(keeps),
                new Call.Asked(
                    first.providerId(),
                    first.providerName(),
                    first.endpoint(),
                    request.model(),
                    request.streamed(),
                    1),
                new Call.Found(
                    entities(masked, found.uninspected()), tenant.privacy().detectOnly()),
                new Call.Answer(
                    request.answerIsJson(),
                    keeps,
                    usage != null,
                    admitted.rehydrate() ? masked.restoration() : Restoration.NONE,
                    new Tools(
                        DeclaredTools.in(request.document(), request.document().root()),
                        tenant.privacy().answers().tools()),
                    scan(tenant, found.texts(), masked.restoration()),
                    mark,
                    admitted.rehydrate() && dialect.provider() == ProviderKind.ANTHROPIC
                        ? CitedDocuments.of(
                            request.document(), found.texts(), masked.replacements())
                        : List.of())));
    trail.lap(Stage.EDIT);
    return departure;
  }

  /**
   * The client's own name for it goes first; then what the provider stores; then what is resent.
   */
  private Conversation conversation(Admitted admitted, ModelRequest request, StoredTurn stored)
      throws RefusedException {
    TenantPolicy tenant = admitted.tenant();
    String named = admitted.conversation();
    if (named == null && stored.conversation() != null) {
      return Conversation.stored(tenant.surrogateKey(), stored.conversation());
    }
    if (named == null && stored.previous() != null) {
      named = memory.conversationOf(tenant.tenantId(), stored.previous());
      if (named == null) {
        // By what it says ("go on") it would be in the conversation of a stranger who began so.
        return Conversation.stored(tenant.surrogateKey(), stored.previous());
      }
    }
    if (named != null) {
      return Conversation.named(tenant.surrogateKey(), named);
    }
    Conversation resent =
        Conversation.of(
            tenant.surrogateKey(),
            admitted.caller().keyId(),
            request.document(),
            admitted.endpoint().dialect().opening());
    return stored.isKept() ? resent.beginning() : resent;
  }

  /**
   * What of the answer is the model's own.
   *
   * @param texts what the client said
   * @param restoration what the provider saw instead, now and before
   */
  private static AnswerScan scan(
      TenantPolicy tenant, List<BodyText> texts, Restoration restoration) {
    AnswerPolicy.Produced produced = tenant.privacy().answers().produced();
    if (produced == AnswerPolicy.Produced.PASS || tenant.privacy().detectOnly()) {
      return AnswerScan.NONE;
    }
    List<Plaintext> said = new ArrayList<>(restoration.surrogatesAndOriginals());
    texts.forEach(text -> said.add(new Plaintext(text.text().value())));
    // An answer is read on a thread that others wait for.
    return new AnswerScan(
        produced == AnswerPolicy.Produced.BLOCK,
        tenant.privacy().examination().withoutWaiting(),
        said);
  }

  private static Refusal uninspectable(ModelRequest request, BodyTexts found) {
    return new Refusal(
        403,
        "invalid_request_error",
        "media_refused",
        "The policy lets nothing leave that cannot be inspected: images, audio, files, token ids (%d found)."
            .formatted(found.uninspected()),
        request.document().pathOf(found.firstUninspected(), ApiWords::contains),
        false);
  }

  private static TenantPolicy.Route route(TenantPolicy tenant, String model, ProviderKind kind)
      throws RefusedException {
    TenantPolicy.Route route = tenant.routeFor(model, kind);
    if (route == null || !ModelNames.isOne(model, route)) {
      throw new RefusedException(
          Refusal.ofRequest(
                  404,
                  "model_not_found",
                  "No route of this tenant serves this model at this endpoint. GET /v1/models lists what there is.")
              .at("model"));
    }
    return route;
  }

  private static List<Header> headers(Admitted admitted) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("content-type", "application/json"));
    headers.addAll(admitted.headers());
    return headers;
  }

  private static Map<String, Integer> entities(Masking.Masked masked, int uninspected) {
    Map<String, Integer> entities = new LinkedHashMap<>();
    masked.entities().forEach((type, count) -> entities.put(type.name(), count));
    if (uninspected > 0) {
      entities.put(UNINSPECTED, uninspected);
    }
    return entities;
  }
}
