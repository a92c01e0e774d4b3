package io.mantle.controlplane;

/**
 * Every environment variable the control plane reads: its name, what it is where it is not set, and
 * what it means.
 */
public enum Setting {
  MANTLE_DATABASE_URL(
      "",
      "Postgres as postgres://user:password@host:port/database or jdbc:postgresql:...; empty: an"
          + " embedded Postgres kept in the data directory"),
  MANTLE_DATA_DIR(".mantle", "Where state lives"),
  MANTLE_ADMIN_LISTEN("127.0.0.1:8081", "Address of the admin API, host:port"),
  MANTLE_ADMIN_TLS_CERT_FILE(
      "",
      "Certificate of the admin API, with its chain, PEM; set with MANTLE_ADMIN_TLS_KEY_FILE. Empty:"
          + " plain HTTP, on loopback alone"),
  MANTLE_ADMIN_TLS_KEY_FILE("", "Private key of that certificate, PEM, not encrypted"),
  MANTLE_ADMIN_INSECURE(
      "false",
      "Whether MANTLE_ADMIN_LISTEN may be more than loopback without TLS, where something before it"
          + " ends TLS: true or false"),
  MANTLE_XDS_LISTEN(
      "",
      "Address of the xDS, policy and usage services, unix:PATH or host:port; empty: xds.sock in the"
          + " data directory"),
  MANTLE_XDS_TLS_CERT_FILE(
      "",
      "Certificate, PEM with its chain, that the control plane shows to sidecars; set with the next"
          + " two where MANTLE_XDS_LISTEN is beyond loopback. The files are read again when they"
          + " change"),
  MANTLE_XDS_TLS_KEY_FILE("", "Private key of that certificate, PEM (PKCS #8)"),
  MANTLE_XDS_TLS_CLIENT_CA_FILE(
      "",
      "Certificate authorities, PEM: whoever shows a certificate of theirs is sent every tenant's"
          + " policy, providers' keys included; nobody else is"),
  MANTLE_GATEWAY_LISTEN("127.0.0.1:8080", "Address Envoy is told to listen on, host:port"),
  MANTLE_GATEWAY_TLS_CERT_FILE(
      "",
      "Certificate by which Envoy speaks HTTPS to clients, with its chain, a PEM file on Envoy's"
          + " machine; set with MANTLE_GATEWAY_TLS_KEY_FILE. Empty: plain HTTP"),
  MANTLE_GATEWAY_TLS_KEY_FILE(
      "", "Private key of that certificate, a PEM file on Envoy's machine, not encrypted"),
  MANTLE_GATEWAY_ACCESS_LOG(
      "true",
      "Whether Envoy writes a line for each exchange to its standard output, without anything a"
          + " client wrote, see docs/observability.md: true or false"),
  MANTLE_GATEWAY_INSECURE(
      "false",
      "Whether MANTLE_GATEWAY_LISTEN may be more than loopback, without TLS: true or false"),
  MANTLE_EXTPROC_SOCKET(
      "",
      "Unix socket where Envoy finds the ext_proc server; empty: extproc.sock in the data"
          + " directory"),
  MANTLE_MASTER_KEYSET_FILE(
      "",
      "Tink keyset that seals credentials, made where absent; empty: master-keyset.json in the data"
          + " directory"),
  MANTLE_ADMIN_TOKEN_FILE(
      "",
      "File with a bearer token that is platform admin; empty: accounts and machine tokens alone"
          + " are let in"),
  MANTLE_BOOTSTRAP_ADMIN_TOKEN_FILE(
      "",
      "File with the token by which the first platform admin signs up, once; empty: nobody does"),
  MANTLE_SIGNUP(
      "off",
      "Whether anybody may sign up and get a free tenant: on or off; invitations work with both"),
  MANTLE_BODY_BYTES_MAX("33554432", "Largest body of a request, bytes"),
  MANTLE_MESSAGE_TIMEOUT_MILLIS(
      "5000", "How long Envoy waits for the ext_proc server's answer to one message"),
  MANTLE_STREAM_IDLE_TIMEOUT_SECONDS("300", "After how long without a byte an exchange ends"),
  MANTLE_FIRST_BYTE_TIMEOUT_SECONDS("120", "How long a provider may take to begin its answer"),
  MANTLE_FLOOD_REQUESTS_PER_SECOND(
      "20000", "What an Envoy takes of all addresses together; beyond it 429, before it is read"),
  MANTLE_FLOOD_REQUESTS_PER_SECOND_OF_ADDRESS(
      "5000", "What an Envoy takes of one source address; beyond it 429, before it is read"),
  MANTLE_USAGE_RETENTION_MONTHS(
      "13", "Whole months for which usage is kept, besides the one that is running"),
  MANTLE_UPSTREAM_CA_FILE(
      "",
      "Certificate authorities by which Envoy judges providers, a PEM file on Envoy's machine;"
          + " empty: the system's"),
  MANTLE_DEEP_TIER(
      "false",
      "Whether every sidecar has a model for the deep tier (MANTLE_DEEP_MODEL); false: policies that"
          + " ask for the tier are refused"),
  MANTLE_VAULT_URL(
      "",
      "The Redis of the sidecars' vault, as they are told of it; empty: they keep what outlives a"
          + " request in memory"),
  MANTLE_MASTER_KEY_URI(
      "",
      "Keys in key management services, separated by commas, see docs/keys.md: the first wraps, all"
          + " open; MANTLE_MASTER_KEYSET_FILE, and for the vault MANTLE_MASTER_KEY, then only open"
          + " what they wrapped before"),
  MANTLE_MASTER_KEY("", "The sidecars' master key; needed with MANTLE_VAULT_URL, here or by file"),
  MANTLE_MASTER_KEY_FILE("", "A file with what MANTLE_MASTER_KEY would say"),
  MANTLE_DEMO_KEY("", "Proxy key of the demo tenant; empty: no demo tenant is made"),
  MANTLE_DEMO_UPSTREAM_URL("", "Base URL of the demo tenant's provider, with or without /v1"),
  MANTLE_DEMO_UPSTREAM_KEY("", "Credential for the demo tenant's provider; may be empty"),
  MANTLE_DEMO_MODELS(
      "", "Models that GET /v1/models lists for the demo tenant, separated by commas"),
  MANTLE_DEMO_ANTHROPIC_URL(
      "",
      "Base URL of the demo tenant's provider that speaks as Anthropic does, with or without /v1"),
  MANTLE_DEMO_ANTHROPIC_KEY("", "Credential for that provider; may be empty"),
  MANTLE_DEMO_ANTHROPIC_MODELS(
      "", "Models that GET /v1/models lists of that provider, separated by commas"),
  MANTLE_CANARY_KEY("", "Proxy key of the reserved canary tenant; empty: none is made"),
  MANTLE_CANARY_UPSTREAM_URL("", "Base URL of the loopback echo the canary tenant calls"),
  MANTLE_LOG_FORMAT("text", "How log lines are written to standard error: text or json"),
  MANTLE_END_WITH_STDIN(
      "false",
      "Whether to end when standard input ends, for a launcher that may be killed: true or false");

  private final String fallback;
  private final String description;

  Setting(String fallback, String description) {
    this.fallback = fallback;
    this.description = description;
  }

  /** What holds where the variable is not set or empty. */
  public String fallback() {
    return fallback;
  }

  /** One line for people. */
  public String description() {
    return description;
  }
}
