package io.mantle.extproc.request;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.logging.Scrubber;
import java.util.regex.Pattern;

/**
 * What may be the name of a model. It goes to the provider, to usage rows and to traces as the
 * client wrote it, so a client's own words must not pass for one.
 */
final class ModelNames {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9._:/@+=~-]{1,256}");
  private static final Pattern LETTER = Pattern.compile("[A-Za-z]");

  /** What most requests name again; to look costs as much as masking a short prompt. */
  private static final Cache<String, Boolean> SEEN =
      Caffeine.newBuilder().maximumSize(1_000).executor(Runnable::run).build();

  private ModelNames() {}

  /** Whether the route or one of its providers names it, or it looks as names of models do. */
  static boolean isOne(String model, TenantPolicy.Route route) {
    boolean isNamed =
        route.models().pattern().equals(model)
            || route.providers().stream().anyMatch(provider -> provider.models().contains(model));
    return isNamed || (SHAPE.matcher(model).matches() && looksAsOne(model));
  }

  private static boolean looksAsOne(String model) {
    Boolean known = SEEN.getIfPresent(model);
    if (known == null) {
      known = LETTER.matcher(model).find() && Scrubber.isClean(model);
      SEEN.put(model, known);
    }
    return known;
  }
}
