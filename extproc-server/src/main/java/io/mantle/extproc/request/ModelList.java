package io.mantle.extproc.request;

import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.Reply;
import io.mantle.privacy.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code GET /v1/models}: what the tenant's providers serve and its routes reach, from the policy
 * alone.
 */
final class ModelList {

  private ModelList() {}

  static Reply of(TenantPolicy tenant) {
    Map<String, String> owners = new LinkedHashMap<>();
    for (TenantPolicy.Provider provider : tenant.providers()) {
      for (String model : provider.models()) {
        if (tenant.providerFor(model) != null) {
          owners.putIfAbsent(model, provider.name());
        }
      }
    }
    String data =
        owners.entrySet().stream()
            .map(e -> model(e.getKey(), e.getValue()))
            .collect(Collectors.joining(","));
    String body = "{\"object\":\"list\",\"data\":[" + data + "]}";
    return new Reply(
        200,
        List.of(new Header("content-type", "application/json")),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static String model(String id, String owner) {
    return "{\"id\":\"%s\",\"object\":\"model\",\"created\":0,\"owned_by\":\"%s\"}"
        .formatted(JsonText.escape(id), JsonText.escape(owner));
  }
}
