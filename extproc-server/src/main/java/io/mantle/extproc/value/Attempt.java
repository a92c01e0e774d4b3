package io.mantle.extproc.value;

import org.jspecify.annotations.Nullable;

/**
 * A way to reach one provider.
 *
 * @param providerName as people know it
 * @param endpoint what Envoy knows it by: scheme, host and port
 * @param path the provider's own for what is asked for
 * @param credential the header that it is called with, or null
 * @param model what the provider calls the model, as a JSON string, where the body names another;
 *     or null
 */
public record Attempt(
    String providerId,
    String providerName,
    String endpoint,
    String path,
    @Nullable Header credential,
    @Nullable String model) {

  /** Prints no credential. */
  @Override
  public String toString() {
    return "Attempt[" + providerId + "]";
  }
}
