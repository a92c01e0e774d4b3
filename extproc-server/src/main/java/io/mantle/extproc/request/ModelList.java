package io.mantle.extproc.request;

import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.ProviderKind;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.Reply;
import io.mantle.privacy.json.JsonText;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/models} and {@code GET /v1/models/{id}}: what the tenant's providers serve and its
 * routes reach, from the policy alone.
 *
 * <p>Clients of OpenAI see all of them; clients of Anthropic, which list models in another shape,
 * those that they can ask.
 */
final class ModelList {
  /** When a model was made is not known here; the shape demands a time. */
  private static final String NO_TIME = "1970-01-01T00:00:00Z";

  private ModelList() {}

  static Reply of(TenantPolicy tenant, boolean anthropic) {
    Map<String, String> owners = owners(tenant, anthropic);
    String data =
        owners.entrySet().stream()
            .map(e -> model(e.getKey(), e.getValue(), anthropic))
            .collect(Collectors.joining(","));
    if (!anthropic) {
      return json("{\"object\":\"list\",\"data\":[" + data + "]}");
    }
    List<String> ids = List.copyOf(owners.keySet());
    return json(
        "{\"data\":[%s],\"has_more\":false,\"first_id\":%s,\"last_id\":%s}"
            .formatted(
                data,
                quoted(ids.isEmpty() ? null : ids.getFirst()),
                quoted(ids.isEmpty() ? null : ids.getLast())));
  }

  /**
   * One of them.
   *
   * @param id as it stands in the path
   * @throws RefusedException 404 if there is none of that name
   */
  static Reply one(TenantPolicy tenant, String id, boolean anthropic) throws RefusedException {
    String name = decoded(id);
    String owner = owners(tenant, anthropic).get(name);
    if (owner == null) {
      throw new RefusedException(
          Refusal.ofRequest(
              404, "model_not_found", "No such model. GET /v1/models lists what there is."));
    }
    return json(model(name, owner, anthropic));
  }

  private static Map<String, String> owners(TenantPolicy tenant, boolean anthropic) {
    Map<String, String> owners = new LinkedHashMap<>();
    for (TenantPolicy.Provider provider : tenant.providers()) {
      if (anthropic && provider.kind() != ProviderKind.ANTHROPIC) {
        continue;
      }
      for (String model : provider.models()) {
        if (tenant.routeFor(model, provider.kind()) != null) {
          owners.putIfAbsent(model, provider.name());
        }
      }
    }
    return owners;
  }

  private static String model(String id, String owner, boolean anthropic) {
    return anthropic
        ? "{\"type\":\"model\",\"id\":%s,\"display_name\":%s,\"created_at\":\"%s\"}"
            .formatted(quoted(id), quoted(id), NO_TIME)
        : "{\"id\":%s,\"object\":\"model\",\"created\":0,\"owned_by\":%s}"
            .formatted(quoted(id), quoted(owner));
  }

  /** A plus is itself in a path. */
  private static String decoded(String id) {
    try {
      return URLDecoder.decode(id.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return id;
    }
  }

  private static Reply json(String body) {
    return new Reply(
        200,
        List.of(new Header("content-type", "application/json")),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static String quoted(@Nullable String text) {
    return text == null ? "null" : '"' + JsonText.escape(text) + '"';
  }
}
