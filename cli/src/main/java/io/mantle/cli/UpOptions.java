package io.mantle.cli;

import io.mantle.vault.redis.RedisAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code up} was asked for, checked.
 *
 * @param listen where Envoy listens; everything else is on loopback
 * @param upstreams none for the demo provider
 * @param deep whether there is a deep tier, for tenants whose policy asks for it
 * @param redis where what outlives a request is kept; empty for what the environment says
 */
record UpOptions(
    DataFolder data,
    Listen listen,
    int port,
    int adminPort,
    List<Upstream> upstreams,
    boolean deep,
    Optional<String> redis) {
  static final int PORT_MAX = 65_535;

  UpOptions {
    upstreams = List.copyOf(upstreams);
  }

  /**
   * @param redis a URL without user and password, or null
   */
  static UpOptions of(
      DataFolder data,
      Listen listen,
      int port,
      int adminPort,
      List<String> upstreams,
      boolean deep,
      @Nullable String redis)
      throws LaunchException {
    checkPort(port, Ports.GATEWAY_FLAG);
    checkPort(adminPort, Ports.ADMIN_FLAG);
    if (port == adminPort && port != 0) {
      throw LaunchException.notStarted("--port and --admin-port are both " + port);
    }
    List<Upstream> parsed = new ArrayList<>();
    for (String upstream : upstreams) {
      Upstream next = Upstream.parse(upstream);
      if (parsed.stream().anyMatch(other -> other.kind() == next.kind())) {
        throw LaunchException.notStarted("more than one --upstream of a kind: not yet");
      }
      parsed.add(next);
    }
    return new UpOptions(data, listen, port, adminPort, parsed, deep, redis(redis));
  }

  private static Optional<String> redis(@Nullable String url) throws LaunchException {
    if (url == null) {
      return Optional.empty();
    }
    if (url.contains("@")) {
      throw LaunchException.notStarted(
          "--redis takes a URL without user and password, which the list of processes would show; set MANTLE_VAULT_URL instead");
    }
    try {
      var _ = RedisAddress.parse(url);
      return Optional.of(url);
    } catch (IllegalArgumentException e) {
      throw LaunchException.notStarted("--redis needs a URL such as redis://127.0.0.1:6379");
    }
  }

  private static void checkPort(int port, String flag) throws LaunchException {
    if (port < 0 || port > PORT_MAX) {
      throw LaunchException.notStarted(flag + " must be within 0 and " + PORT_MAX);
    }
  }
}
