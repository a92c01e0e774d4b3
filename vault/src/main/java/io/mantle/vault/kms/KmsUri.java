package io.mantle.vault.kms;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which key of which service, in the URIs that Tink uses. None of them holds a secret. */
public sealed interface KmsUri {

  /** As it was written. */
  String text();

  /**
   * A key of AWS KMS: {@code aws-kms://arn:aws:kms:eu-central-1:123456789012:key/ID}, or an alias.
   */
  record Aws(String text, String arn, String region) implements KmsUri {}

  /**
   * A key of Google Cloud KMS: {@code gcp-kms://projects/P/locations/L/keyRings/R/cryptoKeys/K}.
   */
  record Gcp(String text, String name) implements KmsUri {}

  /**
   * A transit key of HashiCorp Vault, or of OpenBao: {@code hcvault://HOST:PORT/transit/keys/NAME}
   * over https; {@code hcvault+http://} without, on loopback alone.
   *
   * @param address scheme, host and port
   * @param mount where the transit engine is
   */
  record HcVault(String text, URI address, String mount, String key) implements KmsUri {}

  /** How many keys may stand beside each other. */
  int KEYS_MAX = 8;

  /**
   * Reads one or more, separated by commas, of which the first seals.
   *
   * @throws IllegalArgumentException if one is none of these
   */
  static List<KmsUri> parseAll(String text) {
    List<String> parts = Stream.of(text.split(",", -1)).map(String::strip).toList();
    if (parts.size() > KEYS_MAX) {
      throw new IllegalArgumentException("names more than " + KEYS_MAX + " keys");
    }
    List<KmsUri> uris = parts.stream().map(KmsUri::parse).toList();
    if (uris.stream().distinct().count() < uris.size()) {
      throw new IllegalArgumentException("names a key twice");
    }
    return uris;
  }

  private static KmsUri parse(String text) {
    Matcher aws =
        Pattern.compile(
                "aws-kms://(arn:aws[a-z-]*:kms:([a-z0-9-]+):[0-9]{12}:(key|alias)/[\\w/-]+)")
            .matcher(text);
    if (aws.matches()) {
      return new Aws(text, aws.group(1), aws.group(2));
    }
    Matcher gcp =
        Pattern.compile(
                "gcp-kms://(projects/[\\w.:-]+/locations/[\\w-]+/keyRings/[\\w-]+/cryptoKeys/[\\w-]+)")
            .matcher(text);
    if (gcp.matches()) {
      return new Gcp(text, gcp.group(1));
    }
    Matcher vault =
        Pattern.compile(
                "hcvault(\\+http)?://([^/@?#\\s]+)/((?:[\\w.-]+/)*[\\w.-]+)/keys/([\\w.-]+)")
            .matcher(text);
    if (vault.matches()) {
      boolean plain = vault.group(1) != null;
      URI address = address((plain ? "http://" : "https://") + vault.group(2));
      if (plain && !isLoopback(address.getHost())) {
        throw new IllegalArgumentException("hcvault+http:// is for loopback; elsewhere hcvault://");
      }
      return new HcVault(text, address, vault.group(3), vault.group(4));
    }
    throw new IllegalArgumentException(
        "is none of aws-kms://arn:aws:kms:REGION:ACCOUNT:key/ID,"
            + " gcp-kms://projects/P/locations/L/keyRings/R/cryptoKeys/K,"
            + " hcvault://HOST:PORT/transit/keys/NAME");
  }

  private static URI address(String text) {
    try {
      URI address = new URI(text);
      if (address.getHost() != null) {
        return address;
      }
    } catch (URISyntaxException e) {
      // told below
    }
    throw new IllegalArgumentException("names no host");
  }

  /** By what is written: a name is not looked up, so that it cannot come to mean another host. */
  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || (host.matches("[0-9.]+|\\[[0-9a-fA-F:]+\\]")
            && InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress());
  }
}
