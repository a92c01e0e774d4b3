package io.mantle.controlplane.probe;

import io.mantle.controlplane.probe.OutsideCall.FailedException;
import io.mantle.controlplane.probe.OutsideCall.NameService;
import io.mantle.controlplane.snapshot.InvalidTenantException;
import io.mantle.controlplane.snapshot.ProviderAddress;
import io.mantle.controlplane.snapshot.ProviderEndpoint;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Posts messages to addresses that tenants name, on the same terms as {@link ProviderProbe}: a name
 * is resolved once, all its addresses are judged, redirects are not followed, no proxy is used, and
 * of the answer nothing but its status is read. What goes over plain HTTP goes only to where a
 * platform admin let it. Thread-safe.
 */
public final class Webhook {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int CALLS_MAX = 64;
  private static final int URL_CHARS_MAX = 2_048;
  private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x21-\\x7e]*");

  private final OutsideCalls calls;

  /**
   * Resolves names as this machine does.
   *
   * @param caFile certificate authorities by which the other side is judged; where this machine has
   *     no such file, Java's own are taken
   */
  public Webhook(Path caFile) {
    this(NameService.SYSTEM, caFile, TIMEOUT);
  }

  Webhook(NameService names, Path caFile, Duration timeout) {
    this.calls = new OutsideCalls(names, caFile, timeout, CALLS_MAX);
  }

  /**
   * Where messages go.
   *
   * @param endpoint with its name's allowance to lead anywhere; over TLS, but for what a platform
   *     admin let be elsewhere than on the public Internet
   * @param pathAndQuery as the URL has them
   * @param isInternal whether the URL itself names a place that is not on the public Internet
   */
  public record Target(ProviderEndpoint endpoint, String pathAndQuery, boolean isInternal) {

    /**
     * Reads a URL.
     *
     * @param privateAllowed whether its name may lead to addresses that are not on the public
     *     Internet
     * @throws InvalidUrlException if it is none that can be posted to, with a reason that repeats
     *     nothing of it
     */
    public static Target of(String url, boolean privateAllowed) throws InvalidUrlException {
      URI uri;
      try {
        uri = new URI(url);
      } catch (URISyntaxException e) {
        throw new InvalidUrlException("it is not a URL");
      }
      if (url.length() > URL_CHARS_MAX
          || !VISIBLE_ASCII.matcher(url).matches()
          || uri.getRawAuthority() == null
          || uri.getRawFragment() != null) {
        throw new InvalidUrlException(
            "it is too long, or has no host, a fragment or characters that are not ASCII");
      }
      String origin = uri.getScheme() + "://" + uri.getRawAuthority();
      ProviderEndpoint endpoint;
      boolean internal;
      try {
        endpoint = ProviderEndpoint.parse(origin);
        internal = ProviderAddress.isInternal(origin);
      } catch (InvalidTenantException e) {
        throw new InvalidUrlException(
            "it does not begin with https:// or http:// and a host, without a user");
      }
      if (!endpoint.secure() && !internal && !privateAllowed) {
        throw new InvalidUrlException("it is not https");
      }
      String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      return new Target(
          privateAllowed ? endpoint.allowingPrivate() : endpoint,
          uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery(),
          internal);
    }
  }

  /** A URL to which nothing can be posted. */
  public static final class InvalidUrlException extends Exception {
    private static final long serialVersionUID = 1L;

    private InvalidUrlException(String reason) {
      super(reason);
    }
  }

  /** A message: JSON and what proves who sent it. */
  public record Message(String json, String signature) {}

  /** Posts it; what failed, or empty where the answer's status was 200 to 299. */
  public Optional<String> post(Target target, Message message) {
    return calls
        .make(new Post(target, message))
        .map(ProviderProbe.Result::error)
        .orElse(Optional.of("busy: too many messages are on their way"));
  }

  private record Post(Target target, Message message) implements OutsideCall.Exchange {
    @Override
    public ProviderEndpoint endpoint() {
      return target.endpoint;
    }

    @Override
    public byte[] request(ProviderEndpoint endpoint) {
      byte[] body = message.json.getBytes(StandardCharsets.UTF_8);
      String head =
          "POST %s HTTP/1.1\r\nhost: %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\nuser-agent: mantle\r\nmantle-signature: %s\r\nconnection: close\r\n\r\n"
              .formatted(target.pathAndQuery, endpoint.authority(), body.length, message.signature);
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
      request.writeBytes(body);
      return request.toByteArray();
    }

    @Override
    public void judge(int status) throws FailedException {
      if (status < 200 || status > 299) {
        throw new FailedException(
            status + (status / 100 == 3 ? ": it redirects, which is not followed" : ""));
      }
    }
  }
}
