package io.mantle.controlplane;

import static io.mantle.controlplane.Setting.MANTLE_ADMIN_INSECURE;
import static io.mantle.controlplane.Setting.MANTLE_ADMIN_LISTEN;
import static io.mantle.controlplane.Setting.MANTLE_ADMIN_TLS_CERT_FILE;
import static io.mantle.controlplane.Setting.MANTLE_ADMIN_TLS_KEY_FILE;
import static io.mantle.controlplane.Setting.MANTLE_ADMIN_TOKEN_FILE;
import static io.mantle.controlplane.Setting.MANTLE_BODY_BYTES_MAX;
import static io.mantle.controlplane.Setting.MANTLE_BOOTSTRAP_ADMIN_TOKEN_FILE;
import static io.mantle.controlplane.Setting.MANTLE_CANARY_KEY;
import static io.mantle.controlplane.Setting.MANTLE_CANARY_UPSTREAM_URL;
import static io.mantle.controlplane.Setting.MANTLE_DATABASE_URL;
import static io.mantle.controlplane.Setting.MANTLE_DATA_DIR;
import static io.mantle.controlplane.Setting.MANTLE_DEEP_TIER;
import static io.mantle.controlplane.Setting.MANTLE_DEMO_ANTHROPIC_KEY;
import static io.mantle.controlplane.Setting.MANTLE_DEMO_ANTHROPIC_MODELS;
import static io.mantle.controlplane.Setting.MANTLE_DEMO_ANTHROPIC_URL;
import static io.mantle.controlplane.Setting.MANTLE_DEMO_KEY;
import static io.mantle.controlplane.Setting.MANTLE_DEMO_MODELS;
import static io.mantle.controlplane.Setting.MANTLE_DEMO_UPSTREAM_KEY;
import static io.mantle.controlplane.Setting.MANTLE_DEMO_UPSTREAM_URL;
import static io.mantle.controlplane.Setting.MANTLE_END_WITH_STDIN;
import static io.mantle.controlplane.Setting.MANTLE_EXTPROC_SOCKET;
import static io.mantle.controlplane.Setting.MANTLE_FIRST_BYTE_TIMEOUT_SECONDS;
import static io.mantle.controlplane.Setting.MANTLE_FLOOD_REQUESTS_PER_SECOND;
import static io.mantle.controlplane.Setting.MANTLE_FLOOD_REQUESTS_PER_SECOND_OF_ADDRESS;
import static io.mantle.controlplane.Setting.MANTLE_GATEWAY_ACCESS_LOG;
import static io.mantle.controlplane.Setting.MANTLE_GATEWAY_INSECURE;
import static io.mantle.controlplane.Setting.MANTLE_GATEWAY_LISTEN;
import static io.mantle.controlplane.Setting.MANTLE_GATEWAY_TLS_CERT_FILE;
import static io.mantle.controlplane.Setting.MANTLE_GATEWAY_TLS_KEY_FILE;
import static io.mantle.controlplane.Setting.MANTLE_LOG_FORMAT;
import static io.mantle.controlplane.Setting.MANTLE_MASTER_KEY;
import static io.mantle.controlplane.Setting.MANTLE_MASTER_KEYSET_FILE;
import static io.mantle.controlplane.Setting.MANTLE_MASTER_KEY_FILE;
import static io.mantle.controlplane.Setting.MANTLE_MASTER_KEY_URI;
import static io.mantle.controlplane.Setting.MANTLE_MESSAGE_TIMEOUT_MILLIS;
import static io.mantle.controlplane.Setting.MANTLE_SIGNUP;
import static io.mantle.controlplane.Setting.MANTLE_STREAM_IDLE_TIMEOUT_SECONDS;
import static io.mantle.controlplane.Setting.MANTLE_UPSTREAM_CA_FILE;
import static io.mantle.controlplane.Setting.MANTLE_USAGE_RETENTION_MONTHS;
import static io.mantle.controlplane.Setting.MANTLE_VAULT_URL;
import static io.mantle.controlplane.Setting.MANTLE_XDS_LISTEN;
import static io.mantle.controlplane.Setting.MANTLE_XDS_TLS_CERT_FILE;
import static io.mantle.controlplane.Setting.MANTLE_XDS_TLS_CLIENT_CA_FILE;
import static io.mantle.controlplane.Setting.MANTLE_XDS_TLS_KEY_FILE;

import io.mantle.controlplane.admin.DemoTenant;
import io.mantle.controlplane.admin.TlsIdentity;
import io.mantle.controlplane.database.DatabaseUrl;
import io.mantle.controlplane.identity.SignIn;
import io.mantle.controlplane.snapshot.GatewaySettings;
import io.mantle.controlplane.xds.MutualTls;
import io.mantle.vault.VaultSettings;
import io.mantle.vault.keys.KeyProvider;
import io.mantle.vault.keys.LocalKeyset;
import io.mantle.vault.kms.KmsUri;
import io.mantle.vault.kms.MasterKeySettings;
import io.mantle.vault.redis.RedisAddress;
import io.mantle.vault.redis.RedisTimes;
import io.mantle.vault.store.StoreLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What the control plane was told, read once and checked whole.
 *
 * @param databaseUrl empty where an embedded Postgres is used
 * @param dataDirectory absolute
 * @param adminListen where the admin API listens
 * @param adminTls who it is under HTTPS; empty for plain HTTP
 * @param xdsListen where Envoy and the sidecars connect
 * @param xdsTls how they and the control plane know each other; empty on a Unix socket or loopback
 * @param gateway what Envoy's listener and clusters depend on
 * @param rootKey wraps what seals what must not lie open in the database
 * @param vault the vault that the sidecars share; empty where they share none
 * @param usageRetentionMonths for which usage is kept besides the running one
 * @param adminToken a platform admin's; empty for none
 * @param signIn who may come in unasked
 * @param seeds tenants that are there from the start
 * @param endWithStdin whether the process ends when its standard input does
 */
public record Settings(
    Optional<DatabaseUrl> databaseUrl,
    Path dataDirectory,
    Address.Tcp adminListen,
    Optional<TlsIdentity> adminTls,
    Address xdsListen,
    Optional<MutualTls> xdsTls,
    GatewaySettings gateway,
    RootKey rootKey,
    Optional<VaultSettings> vault,
    int usageRetentionMonths,
    Optional<String> adminToken,
    SignIn.Policy signIn,
    List<DemoTenant.Seed> seeds,
    boolean endWithStdin) {

  /**
   * The key outside of the database. Prints no secret.
   *
   * @param uris of keys in services, separated by commas; may be empty
   * @param keysetFile made where there is none and no URI
   * @param environment where the services' credentials are looked for
   */
  public record RootKey(String uris, Path keysetFile, Map<String, String> environment) {
    /**
     * Makes it usable, and asks its service whether it is.
     *
     * @throws IOException if it is not; the message names the service's host and no secret
     */
    KeyProvider open() throws IOException {
      Optional<LocalKeyset> local =
          uris.isEmpty()
              ? Optional.of(LocalKeyset.at(keysetFile))
              : Files.exists(keysetFile)
                  ? Optional.of(LocalKeyset.in(keysetFile))
                  : Optional.empty();
      return MasterKeySettings.of(uris, local, environment).open();
    }

    @Override
    public String toString() {
      return "RootKey[" + (uris.isEmpty() ? keysetFile : uris) + "]";
    }
  }

  /** Thrown where settings cannot be used; its message names each variable that is wrong. */
  public static final class InvalidSettings extends RuntimeException {
    private InvalidSettings(List<String> problems) {
      super(String.join(System.lineSeparator(), problems));
    }
  }

  /**
   * Reads the settings from environment variables.
   *
   * @throws InvalidSettings naming every problem, not just the first; never a value that is secret
   */
  public static Settings of(Map<String, String> environment) {
    Reader reader = new Reader(environment);
    Path data = reader.read(MANTLE_DATA_DIR, text -> Path.of(text).toAbsolutePath().normalize());
    Optional<DatabaseUrl> databaseUrl = reader.readIfSet(MANTLE_DATABASE_URL, DatabaseUrl::parse);
    Optional<TlsIdentity> adminTls = adminTls(reader);
    boolean adminAnywhere =
        reader.read(MANTLE_ADMIN_INSECURE, Settings::trueOrFalse)
            || reader.isSet(MANTLE_ADMIN_TLS_CERT_FILE);
    Address.Tcp adminListen =
        reader.read(
            MANTLE_ADMIN_LISTEN,
            adminAnywhere
                ? Address.Tcp::parse
                : text ->
                    loopback(
                        text,
                        "set MANTLE_ADMIN_TLS_CERT_FILE and MANTLE_ADMIN_TLS_KEY_FILE, or"
                            + " MANTLE_ADMIN_INSECURE=true where something before it ends TLS"));
    Address xdsListen =
        reader
            .readIfSet(MANTLE_XDS_LISTEN, Address::parse)
            .orElseGet(() -> new Address.Unix(data.resolve("xds.sock")));
    Optional<MutualTls> xdsTls = xdsTls(reader, xdsListen);
    boolean insecure = reader.read(MANTLE_GATEWAY_INSECURE, Settings::trueOrFalse);
    Optional<GatewaySettings.TlsFiles> gatewayTls = gatewayTls(reader);
    Address.Tcp gatewayListen =
        reader.read(
            MANTLE_GATEWAY_LISTEN,
            insecure || reader.isSet(MANTLE_GATEWAY_TLS_CERT_FILE)
                ? Address.Tcp::parse
                : text ->
                    loopback(
                        text,
                        "set MANTLE_GATEWAY_TLS_CERT_FILE and MANTLE_GATEWAY_TLS_KEY_FILE, or"
                            + " MANTLE_GATEWAY_INSECURE=true for plain HTTP there"));
    GatewaySettings gateway =
        new GatewaySettings(
            gatewayListen.host(),
            gatewayListen.port(),
            reader
                .readIfSet(MANTLE_EXTPROC_SOCKET, text -> Path.of(text).toAbsolutePath())
                .orElseGet(() -> data.resolve("extproc.sock")),
            (int) reader.read(MANTLE_BODY_BYTES_MAX, whole(1024, 1 << 30)).longValue(),
            Duration.ofMillis(reader.read(MANTLE_MESSAGE_TIMEOUT_MILLIS, whole(1, 600_000))),
            Duration.ofSeconds(reader.read(MANTLE_STREAM_IDLE_TIMEOUT_SECONDS, whole(1, 86_400))),
            Duration.ofSeconds(reader.read(MANTLE_FIRST_BYTE_TIMEOUT_SECONDS, whole(1, 86_400))),
            reader.readIfSet(MANTLE_UPSTREAM_CA_FILE, Path::of).orElseGet(Settings::systemCaFile),
            reader.read(MANTLE_DEEP_TIER, Settings::trueOrFalse),
            gatewayTls,
            new GatewaySettings.Flood(
                (int)
                    reader.read(MANTLE_FLOOD_REQUESTS_PER_SECOND, whole(1, 1_000_000)).longValue(),
                (int)
                    reader
                        .read(MANTLE_FLOOD_REQUESTS_PER_SECOND_OF_ADDRESS, whole(1, 1_000_000))
                        .longValue()),
            reader.read(MANTLE_GATEWAY_ACCESS_LOG, Settings::trueOrFalse));
    Path masterKeysetFile =
        reader
            .readIfSet(MANTLE_MASTER_KEYSET_FILE, text -> Path.of(text).toAbsolutePath())
            .orElseGet(() -> data.resolve("master-keyset.json"));
    String masterKeyUri = reader.read(MANTLE_MASTER_KEY_URI, Settings::keyUris);
    String masterKey = reader.read(MANTLE_MASTER_KEY, Function.identity());
    String masterKeyFile = reader.read(MANTLE_MASTER_KEY_FILE, Function.identity());
    Optional<VaultSettings> vault =
        reader.readIfSet(
            MANTLE_VAULT_URL,
            url ->
                new VaultSettings.OnRedis(
                    RedisAddress.parse(url),
                    VaultSettings.masterKeys(masterKeyUri, masterKey, masterKeyFile, environment),
                    StoreLimits.STANDARD,
                    RedisTimes.STANDARD));
    int retention = (int) reader.read(MANTLE_USAGE_RETENTION_MONTHS, whole(1, 1_200)).longValue();
    Optional<String> adminToken = reader.readIfSet(MANTLE_ADMIN_TOKEN_FILE, Settings::tokenIn);
    SignIn.Policy signIn =
        new SignIn.Policy(
            reader.read(MANTLE_SIGNUP, Settings::onOrOff),
            reader.readIfSet(MANTLE_BOOTSTRAP_ADMIN_TOKEN_FILE, Settings::tokenIn));
    List<DemoTenant.Seed> seeds = seeds(reader);
    boolean endWithStdin = reader.read(MANTLE_END_WITH_STDIN, Settings::trueOrFalse);
    // Logback takes it from the environment itself, before any of this.
    var _ = reader.read(MANTLE_LOG_FORMAT, Settings::textOrJson);
    reader.throwProblems();
    return new Settings(
        databaseUrl,
        data,
        adminListen,
        adminTls,
        xdsListen,
        xdsTls,
        gateway,
        new RootKey(masterKeyUri, masterKeysetFile, Map.copyOf(environment)),
        vault,
        retention,
        adminToken,
        signIn,
        seeds,
        endWithStdin);
  }

  private static Optional<TlsIdentity> adminTls(Reader reader) {
    Optional<Path> certificate = reader.readIfSet(MANTLE_ADMIN_TLS_CERT_FILE, Path::of);
    Optional<Path> key = reader.readIfSet(MANTLE_ADMIN_TLS_KEY_FILE, Path::of);
    reader.together(
        MANTLE_ADMIN_TLS_CERT_FILE,
        certificate.map(Path::toString),
        MANTLE_ADMIN_TLS_KEY_FILE,
        key.map(Path::toString));
    return certificate.isPresent() && key.isPresent()
        ? reader.readIfSet(
            MANTLE_ADMIN_TLS_KEY_FILE, _ -> TlsIdentity.read(certificate.get(), key.get()))
        : Optional.empty();
  }

  /** They are Envoy's to read, and may not be on this machine. */
  private static Optional<GatewaySettings.TlsFiles> gatewayTls(Reader reader) {
    Optional<Path> certificate = reader.readIfSet(MANTLE_GATEWAY_TLS_CERT_FILE, Path::of);
    Optional<Path> key = reader.readIfSet(MANTLE_GATEWAY_TLS_KEY_FILE, Path::of);
    reader.together(
        MANTLE_GATEWAY_TLS_CERT_FILE,
        certificate.map(Path::toString),
        MANTLE_GATEWAY_TLS_KEY_FILE,
        key.map(Path::toString));
    return certificate.isPresent() && key.isPresent()
        ? Optional.of(new GatewaySettings.TlsFiles(certificate.get(), key.get()))
        : Optional.empty();
  }

  private static List<DemoTenant.Seed> seeds(Reader reader) {
    Optional<String> demoKey = reader.readIfSet(MANTLE_DEMO_KEY, Settings::proxyKey);
    Optional<String> canaryKey = reader.readIfSet(MANTLE_CANARY_KEY, Settings::proxyKey);
    Optional<String> canaryUrl = reader.readIfSet(MANTLE_CANARY_UPSTREAM_URL, Function.identity());
    List<DemoTenant.Upstream> upstreams = new ArrayList<>();
    upstream(
            reader,
            "openai",
            MANTLE_DEMO_UPSTREAM_URL,
            MANTLE_DEMO_UPSTREAM_KEY,
            MANTLE_DEMO_MODELS)
        .ifPresent(upstreams::add);
    upstream(
            reader,
            "anthropic",
            MANTLE_DEMO_ANTHROPIC_URL,
            MANTLE_DEMO_ANTHROPIC_KEY,
            MANTLE_DEMO_ANTHROPIC_MODELS)
        .ifPresent(upstreams::add);
    reader.together(
        MANTLE_DEMO_KEY,
        demoKey,
        MANTLE_DEMO_UPSTREAM_URL,
        upstreams.stream().map(DemoTenant.Upstream::url).findFirst());
    reader.together(MANTLE_CANARY_KEY, canaryKey, MANTLE_CANARY_UPSTREAM_URL, canaryUrl);

    List<DemoTenant.Seed> seeds = new ArrayList<>();
    if (demoKey.isPresent() && !upstreams.isEmpty()) {
      seeds.add(DemoTenant.demo(demoKey.get(), upstreams));
    }
    if (canaryKey.isPresent() && canaryUrl.isPresent()) {
      seeds.add(DemoTenant.canary(canaryKey.get(), canaryUrl.get()));
    }
    return List.copyOf(seeds);
  }

  private static Optional<DemoTenant.Upstream> upstream(
      Reader reader, String kind, Setting url, Setting key, Setting models) {
    Optional<String> credential = reader.readIfSet(key, Function.identity());
    List<String> listed = reader.readIfSet(models, Settings::commaSeparated).orElseGet(List::of);
    return reader
        .readIfSet(url, Function.identity())
        .map(set -> new DemoTenant.Upstream(kind, set, credential, listed));
  }

  private static String proxyKey(String text) {
    if (!text.matches("sk-mantle-[A-Za-z0-9_-]{8,200}")) {
      throw new IllegalArgumentException("is not of the form sk-mantle-...");
    }
    return text;
  }

  private static List<String> commaSeparated(String text) {
    return Stream.of(text.split(",", -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  private static String keyUris(String text) {
    if (!text.isEmpty()) {
      var _ = KmsUri.parseAll(text);
    }
    return text;
  }

  private static boolean trueOrFalse(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("is neither true nor false");
    };
  }

  private static String textOrJson(String text) {
    return switch (text) {
      case "text", "json" -> text;
      default -> throw new IllegalArgumentException("is neither text nor json");
    };
  }

  private static boolean onOrOff(String text) {
    return switch (text) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new IllegalArgumentException("is neither on nor off");
    };
  }

  private static Address.Tcp loopback(String text, String remedy) {
    Address.Tcp address = Address.Tcp.parse(text);
    if (!address.isLoopback()) {
      throw new IllegalArgumentException(
          text + " is not a loopback address, and listening beyond it needs TLS; " + remedy);
    }
    return address;
  }

  private static Optional<MutualTls> xdsTls(Reader reader, Address listen) {
    Optional<Path> certificate = reader.readIfSet(MANTLE_XDS_TLS_CERT_FILE, Path::of);
    Optional<Path> key = reader.readIfSet(MANTLE_XDS_TLS_KEY_FILE, Path::of);
    Optional<Path> clients = reader.readIfSet(MANTLE_XDS_TLS_CLIENT_CA_FILE, Path::of);
    boolean any = Stream.of(certificate, key, clients).anyMatch(Optional::isPresent);
    if (any && listen instanceof Address.Tcp) {
      if (certificate.isPresent() && key.isPresent() && clients.isPresent()) {
        return Optional.of(new MutualTls(certificate.get(), key.get(), clients.get()));
      }
    }
    if (any) {
      reader.problems.add(
          "MANTLE_XDS_TLS_CERT_FILE, _KEY_FILE and _CLIENT_CA_FILE are set together, for"
              + " MANTLE_XDS_LISTEN as host:port");
    } else if (listen instanceof Address.Tcp tcp && !tcp.isLoopback()) {
      reader.problems.add(
          "MANTLE_XDS_LISTEN: "
              + tcp
              + " is not a loopback address: policies hold providers' keys, so it needs"
              + " MANTLE_XDS_TLS_CERT_FILE, _KEY_FILE and _CLIENT_CA_FILE");
    }
    return Optional.empty();
  }

  private static String tokenIn(String file) {
    try {
      String token = Files.readString(Path.of(file), StandardCharsets.UTF_8).strip();
      if (token.length() < 16) {
        throw new IllegalArgumentException(file + " holds a token of less than 16 characters");
      }
      return token;
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file, e);
    }
  }

  private static Function<String, Long> whole(long min, long max) {
    return text -> {
      try {
        long value = Long.parseLong(text);
        if (value >= min && value <= max) {
          return value;
        }
      } catch (NumberFormatException e) {
        // told below, with the bounds
      }
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a whole number from " + min + " to " + max);
    };
  }

  /** Where the distributions keep their certificate authorities; Debian's where none is found. */
  private static Path systemCaFile() {
    List<Path> places =
        Stream.of(
                "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Alpine, Arch
                "/etc/pki/tls/certs/ca-bundle.crt", // Fedora, RHEL
                "/etc/ssl/ca-bundle.pem", // openSUSE
                "/etc/ssl/cert.pem") // macOS
            .map(Path::of)
            .toList();
    return places.stream().filter(Files::isReadable).findFirst().orElse(places.getFirst());
  }

  /** Reads variables one by one and keeps what is wrong with them until all are read. */
  private static final class Reader {
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    private Reader(Map<String, String> environment) {
      this.environment = environment;
    }

    private <T> T read(Setting setting, Function<String, T> parse) {
      return readIfSet(setting, parse).orElseGet(() -> parse.apply(setting.fallback()));
    }

    private boolean isSet(Setting setting) {
      return !environment.getOrDefault(setting.name(), "").isEmpty();
    }

    private <T> Optional<T> readIfSet(Setting setting, Function<String, T> parse) {
      String text = environment.getOrDefault(setting.name(), "");
      if (text.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(parse.apply(text));
      } catch (IllegalArgumentException e) {
        problems.add(setting.name() + ": " + e.getMessage());
        return Optional.empty();
      }
    }

    private void together(
        Setting one, Optional<String> first, Setting other, Optional<String> second) {
      if (first.isPresent() != second.isPresent() && problems.isEmpty()) {
        problems.add(one + " and " + other + " are set together or not at all");
      }
    }

    private void throwProblems() {
      if (!problems.isEmpty()) {
        throw new InvalidSettings(problems);
      }
    }
  }
}
