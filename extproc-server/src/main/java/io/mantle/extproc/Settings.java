package io.mantle.extproc;

import io.mantle.extproc.limit.LimitSettings;
import io.mantle.extproc.trace.TraceSettings;
import io.mantle.extproc.usage.SpoolLimits;
import io.mantle.vault.VaultSettings;
import io.mantle.vault.kms.MasterKeySettings;
import io.mantle.vault.redis.RedisAddress;
import io.mantle.vault.redis.RedisTimes;
import io.mantle.vault.store.StoreLimits;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How this server is set up. Immutable.
 *
 * @param controlPlane {@code unix:PATH} or {@code HOST:PORT}
 * @param controlPlaneTls how the two know each other; empty on a Unix socket or loopback
 * @param adsSocket where Envoy is served its configuration; empty where it is not
 * @param metricsByTenant whether metrics count tenants each on their own
 * @param deepModel the folder with the deep tier's model; empty where there is no deep tier
 * @param usageSpool the folder in which usage waits; empty where that is memory
 */
public record Settings(
    Path socket,
    String controlPlane,
    Optional<MutualTls.Files> controlPlaneTls,
    Optional<Path> adsSocket,
    InetSocketAddress adminListen,
    String nodeId,
    int bodyBytesMax,
    long bytesInFlightMax,
    long segmentCacheBytesMax,
    Optional<Path> deepModel,
    int deepMillisMax,
    VaultSettings vault,
    LimitSettings limits,
    LastGood lastGood,
    Optional<Path> usageSpool,
    SpoolLimits spoolLimits,
    boolean metricsByTenant,
    TraceSettings traces,
    boolean endWithStdin) {

  /**
   * What is kept for when the control plane is away.
   *
   * @param dataFolder where; empty where nothing is kept on disk
   * @param master what seals it; empty for a key in the data folder
   * @param staleMax how long policies may be used without the control plane
   */
  public record LastGood(
      Optional<Path> dataFolder, Optional<MasterKeySettings> master, Duration staleMax) {}

  private static final int HOURS_MAX = 8_760; // a year

  private static final String USAGE_SPOOL = "usage-spool";

  /**
   * Reads the environment.
   *
   * @throws IllegalArgumentException that names everything that is wrong at once
   */
  public static Settings read(Map<String, String> environment) {
    Reader reader = new Reader(environment);
    Optional<MasterKeySettings> master = master(reader);
    VaultSettings vault = vault(reader, master);
    Optional<Path> data =
        reader.read(Setting.MANTLE_DATA_DIR, Settings::pathIfAny, Optional.empty());
    Settings settings =
        new Settings(
            reader.read(Setting.MANTLE_EXTPROC_SOCKET, Path::of, Path.of("")),
            reader.read(Setting.MANTLE_CONTROL_PLANE, Function.identity(), ""),
            controlPlaneTls(reader),
            reader.read(Setting.MANTLE_ADS_SOCKET, Settings::pathIfAny, Optional.empty()),
            reader.read(
                Setting.MANTLE_EXTPROC_ADMIN_LISTEN, Settings::loopback, new InetSocketAddress(0)),
            reader.read(Setting.MANTLE_NODE_ID, Function.identity(), ""),
            reader.read(Setting.MANTLE_BODY_BYTES_MAX, Integer::valueOf, 0),
            reader.read(Setting.MANTLE_BYTES_IN_FLIGHT_MAX, Long::valueOf, 0L),
            reader.read(Setting.MANTLE_SEGMENT_CACHE_BYTES_MAX, Settings::notNegative, 0L),
            reader.read(Setting.MANTLE_DEEP_MODEL, Settings::pathIfAny, Optional.empty()),
            reader.read(Setting.MANTLE_DEEP_MILLIS_MAX, Settings::positive, 0),
            vault,
            limits(reader, vault),
            new LastGood(
                data,
                master,
                reader.read(Setting.MANTLE_POLICY_STALE_HOURS_MAX, Settings::hours, Duration.ZERO)),
            reader
                .read(Setting.MANTLE_USAGE_SPOOL_DIR, Settings::pathIfAny, Optional.<Path>empty())
                .or(() -> data.map(folder -> folder.resolve(USAGE_SPOOL))),
            new SpoolLimits(
                reader.read(Setting.MANTLE_USAGE_SPOOL_BYTES_MAX, Settings::positiveLong, 1L),
                Duration.ofHours(
                    reader.read(Setting.MANTLE_USAGE_SPOOL_HOURS_MAX, Settings::positiveLong, 1L))),
            reader.read(Setting.MANTLE_METRICS_TENANT_LABEL, Settings::trueOrFalse, false),
            traces(reader),
            reader.read(Setting.MANTLE_END_WITH_STDIN, Settings::trueOrFalse, false));
    // Logback takes it from the environment itself, before any of this.
    var _ = reader.read(Setting.MANTLE_LOG_FORMAT, Settings::textOrJson, "");
    if (!reader.problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", reader.problems));
    }
    return settings;
  }

  private static Optional<MutualTls.Files> controlPlaneTls(Reader reader) {
    String target = reader.read(Setting.MANTLE_CONTROL_PLANE, Function.identity(), "");
    List<Optional<Path>> files =
        Stream.of(
                Setting.MANTLE_CONTROL_PLANE_CA_FILE,
                Setting.MANTLE_CONTROL_PLANE_CERT_FILE,
                Setting.MANTLE_CONTROL_PLANE_KEY_FILE)
            .map(setting -> reader.read(setting, Settings::pathIfAny, Optional.<Path>empty()))
            .toList();
    boolean unix = target.startsWith(UnixOrTcp.UNIX);
    if (files.stream().allMatch(Optional::isEmpty)) {
      if (!target.isEmpty() && !unix && !UnixOrTcp.isLoopback(target)) {
        reader.problems.add(
            "MANTLE_CONTROL_PLANE is '"
                + target
                + "', not a loopback address: policies hold providers' keys, so it needs MANTLE_CONTROL_PLANE_CA_FILE, _CERT_FILE and _KEY_FILE");
      }
      return Optional.empty();
    }
    if (unix || files.stream().anyMatch(Optional::isEmpty)) {
      reader.problems.add(
          "MANTLE_CONTROL_PLANE_CA_FILE, _CERT_FILE and _KEY_FILE are set together, for HOST:PORT");
      return Optional.empty();
    }
    return Optional.of(
        new MutualTls.Files(
            files.get(0).orElseThrow(), files.get(1).orElseThrow(), files.get(2).orElseThrow()));
  }

  private static Optional<MasterKeySettings> master(Reader reader) {
    String key = reader.read(Setting.MANTLE_MASTER_KEY, Function.identity(), "");
    String keyFile = reader.read(Setting.MANTLE_MASTER_KEY_FILE, Function.identity(), "");
    String uris = reader.read(Setting.MANTLE_MASTER_KEY_URI, Function.identity(), "");
    if (uris.isEmpty() && key.isEmpty() && keyFile.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(VaultSettings.masterKeys(uris, key, keyFile, reader.environment));
    } catch (IllegalArgumentException e) {
      reader.problems.add("the master key is not usable: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static VaultSettings vault(Reader reader, Optional<MasterKeySettings> master) {
    StoreLimits limits =
        new StoreLimits(
            Duration.ofHours(
                reader.read(Setting.MANTLE_VAULT_TTL_HOURS, Settings::positiveLong, 1L)),
            StoreLimits.STANDARD.conversationBytesMax(),
            reader.read(Setting.MANTLE_VAULT_BYTES_MAX, Settings::positiveLong, 1L));
    Duration timeout =
        Duration.ofMillis(
            reader.read(Setting.MANTLE_VAULT_TIMEOUT_MILLIS, Settings::positiveLong, 1L));
    Optional<RedisAddress> address =
        reader.read(
            Setting.MANTLE_VAULT_URL,
            url -> url.isEmpty() ? Optional.empty() : Optional.of(RedisAddress.parse(url)),
            Optional.empty());
    if (address.isEmpty()) {
      return new VaultSettings.InMemory(limits);
    }
    if (master.isEmpty()) {
      reader.problems.add(
          "MANTLE_VAULT_URL needs a master key: MANTLE_MASTER_KEY, MANTLE_MASTER_KEY_FILE or MANTLE_MASTER_KEY_URI");
      return new VaultSettings.InMemory(limits);
    }
    return new VaultSettings.OnRedis(
        address.get(),
        master.get(),
        limits,
        new RedisTimes(
            timeout, RedisTimes.STANDARD.connectTimeout(), RedisTimes.STANDARD.breakerOpen()));
  }

  private static LimitSettings limits(Reader reader, VaultSettings vault) {
    Optional<RedisAddress> own =
        reader.read(
            Setting.MANTLE_LIMIT_URL,
            url -> url.isEmpty() ? Optional.empty() : Optional.of(RedisAddress.parse(url)),
            Optional.empty());
    Optional<RedisAddress> ofVault =
        switch (vault) {
          case VaultSettings.OnRedis redis -> Optional.of(redis.address());
          case VaultSettings.InMemory _ -> Optional.empty();
        };
    return new LimitSettings(
        own.or(() -> ofVault),
        Duration.ofMillis(
            reader.read(Setting.MANTLE_LIMIT_TIMEOUT_MILLIS, Settings::positiveLong, 1L)),
        reader.read(Setting.MANTLE_LIMIT_REPLICAS, Settings::positive, 1));
  }

  private static Optional<Path> pathIfAny(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
  }

  private static Duration hours(String text) {
    double hours = Double.parseDouble(text);
    if (!(hours > 0 && hours <= HOURS_MAX)) {
      throw new IllegalArgumentException("not more than 0 and at most " + HOURS_MAX);
    }
    return Duration.ofMillis(Math.round(hours * 3_600_000));
  }

  private static TraceSettings traces(Reader reader) {
    return new TraceSettings(
        reader.read(Setting.OTEL_EXPORTER_OTLP_ENDPOINT, TraceSettings::endpoint, Optional.empty()),
        reader.read(Setting.OTEL_EXPORTER_OTLP_HEADERS, TraceSettings::headers, Map.of()),
        reader.read(Setting.OTEL_EXPORTER_OTLP_COMPRESSION, TraceSettings::compression, "none"),
        reader.read(Setting.OTEL_TRACES_SAMPLER_ARG, TraceSettings::ratio, 0.0),
        reader.read(Setting.MANTLE_TRACE_CONTENT_TENANTS, TraceSettings::tenants, Set.of()));
  }

  private static long notNegative(String text) {
    long value = Long.parseLong(text);
    if (value < 0) {
      throw new IllegalArgumentException("negative");
    }
    return value;
  }

  private static int positive(String text) {
    int value = Integer.parseInt(text);
    if (value < 1) {
      throw new IllegalArgumentException("less than 1");
    }
    return value;
  }

  private static long positiveLong(String text) {
    long value = Long.parseLong(text);
    if (value < 1) {
      throw new IllegalArgumentException("less than 1");
    }
    return value;
  }

  private static boolean trueOrFalse(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  private static String textOrJson(String text) {
    return switch (text) {
      case "text", "json" -> text;
      default -> throw new IllegalArgumentException("neither text nor json");
    };
  }

  private static InetSocketAddress loopback(String hostAndPort) {
    int colon = hostAndPort.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("not HOST:PORT");
    }
    InetSocketAddress address =
        new InetSocketAddress(
            hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
    if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException("not a loopback address");
    }
    return address;
  }

  private static final class Reader {
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    private Reader(Map<String, String> environment) {
      this.environment = environment;
    }

    private <T> T read(Setting setting, Function<String, T> parse, T broken) {
      String value = environment.get(setting.name());
      if (value == null) {
        value = setting.defaultValue();
      }
      if (value == null) {
        problems.add(setting + " is not set: " + setting.description());
        return broken;
      }
      try {
        return parse.apply(value);
      } catch (IllegalArgumentException e) {
        String shown = setting.isSecret() ? "not usable" : "'" + value + "'";
        problems.add(setting + " is " + shown + ": " + e.getMessage());
        return broken;
      }
    }
  }
}
