package io.mantle.extproc.request;

import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Attempt;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.Way;
import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.JsonDocument;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lays out where a request goes: what each provider of its route is called with, and what it calls
 * the model.
 */
final class Ways {

  private Ways() {}

  /**
   * The way along a route. The body leaves with the name that the first provider has for the model:
   * the edit that this needs is added to {@code edits}. Only a provider that has yet another is
   * told so in its attempt.
   */
  static Way of(
      TenantPolicy.Route route, String pathBelowBase, ModelRequest request, List<Edit> edits) {
    JsonDocument body = request.document();
    int token = body.member(body.root(), "model");
    List<String> names = new ArrayList<>();
    for (TenantPolicy.Provider provider : route.providers()) {
      String mapped = route.mapped().get(provider.id());
      names.add(mapped == null || mapped.equals(request.model()) ? body.raw(token) : json(mapped));
    }
    String first = names.getFirst();
    int start = body.bodyStart(token);
    for (Edit edit : edits) {
      if (edit.start() < body.bodyStart(token)) {
        start += edit.replacement().length - (edit.end() - edit.start());
      }
    }
    if (!first.equals(body.raw(token))) {
      edits.add(new Edit(body.bodyStart(token), body.bodyEnd(token), bytes(first)));
    }
    List<Attempt> attempts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      attempts.add(
          attempt(route.providers().get(i), pathBelowBase, name.equals(first) ? null : name));
    }
    return new Way(
        attempts, route.retries(), route.firstByte(), start, start + bytes(first).length);
  }

  static Attempt attempt(
      TenantPolicy.Provider provider, String pathBelowBase, @Nullable String model) {
    return new Attempt(
        provider.id(),
        provider.name(),
        provider.endpoint(),
        provider.basePath() + pathBelowBase,
        provider.credential().isEmpty() ? null : credential(provider),
        model);
  }

  private static Header credential(TenantPolicy.Provider provider) {
    return switch (provider.kind()) {
      case OPENAI -> new Header("authorization", "Bearer " + provider.credential());
      case ANTHROPIC -> new Header("x-api-key", provider.credential());
    };
  }

  /** A model's name has no characters that JSON has other escapes for. */
  private static String json(String model) {
    return '"' + model.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
