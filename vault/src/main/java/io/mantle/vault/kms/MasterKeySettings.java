package io.mantle.vault.kms;

import io.mantle.vault.keys.EnvelopeKeys;
import io.mantle.vault.keys.KeyChain;
import io.mantle.vault.keys.LocalKeyset;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which master keys there are: in key management services, and on this machine. The first service's
 * wraps, else the one of this machine; all open what they once wrapped. Prints no secret.
 *
 * @param uris of keys in services; the first wraps
 * @param local the one of this machine, if any
 * @param environment where the services' credentials are looked for
 */
public record MasterKeySettings(
    List<KmsUri> uris,
    Optional<LocalKeyset> local,
    Map<String, String> environment,
    KmsTimes times) {

  public MasterKeySettings {
    uris = List.copyOf(uris);
    environment = Map.copyOf(environment);
    if (uris.isEmpty() && local.isEmpty()) {
      throw new IllegalArgumentException("no master key is given");
    }
  }

  /** Of what the variables that all of these services read begin with. */
  private static final List<String> PREFIXES = List.of("AWS_", "GOOGLE_", "CLOUDSDK_", "VAULT_");

  /**
   * As the environment gives them.
   *
   * @param uris separated by commas, or nothing
   * @throws IllegalArgumentException if one cannot be read, or there is no key at all
   */
  public static MasterKeySettings of(
      String uris, Optional<LocalKeyset> local, Map<String, String> environment) {
    Map<String, String> read = new HashMap<>(environment);
    read.keySet().removeIf(name -> PREFIXES.stream().noneMatch(name::startsWith));
    return new MasterKeySettings(
        uris.isEmpty() ? List.of() : KmsUri.parseAll(uris), local, read, KmsTimes.STANDARD);
  }

  /**
   * Makes them usable, and asks the one that wraps whether it is.
   *
   * @throws IOException if it is not; the message names the service's host and no secret
   */
  public KeyChain open() throws IOException {
    List<EnvelopeKeys> services = new ArrayList<>();
    for (KmsUri uri : uris) {
      KmsClient client =
          switch (uri) {
            case KmsUri.Aws aws -> new AwsClient(aws, environment, times.callTimeout());
            case KmsUri.Gcp gcp -> new GcpClient(gcp, environment, times.callTimeout());
            case KmsUri.HcVault vault -> new HcVaultClient(vault, environment, times.callTimeout());
          };
      services.add(new EnvelopeKeys(new KmsKey(uri, client, times)));
    }
    KeyChain chain = new KeyChain(services, local);
    if (!services.isEmpty()) {
      chain.check();
    }
    return chain;
  }

  @Override
  public String toString() {
    return "MasterKeySettings["
        + uris.size()
        + " in services"
        + (local.isPresent() ? ", one here]" : "]");
  }
}
