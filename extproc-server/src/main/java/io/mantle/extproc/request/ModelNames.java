package io.mantle.extproc.request;

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

  private ModelNames() {}

  /** Whether the route or one of its providers names it, or it looks as names of models do. */
  static boolean isOne(String model, TenantPolicy.Route route) {
    boolean isNamed =
        route.models().pattern().equals(model)
            || route.providers().stream().anyMatch(provider -> provider.models().contains(model));
    return isNamed
        || (SHAPE.matcher(model).matches()
            && LETTER.matcher(model).find()
            && Scrubber.isClean(model));
  }
}
