package io.mantle.extproc;

import org.jspecify.annotations.Nullable;

/**
 * Every environment variable that the ext_proc server reads. {@code docs/configuration.md} is made
 * from this list.
 */
public enum Setting {
  MANTLE_EXTPROC_SOCKET(null, "Unix socket to listen on for Envoy's ext_proc streams."),
  MANTLE_CONTROL_PLANE(
      null, "Where the control plane serves policies and takes usage: unix:PATH or HOST:PORT."),
  MANTLE_CONTROL_PLANE_CA_FILE(
      "",
      "Certificate authorities, PEM, by which the control plane at HOST:PORT is judged; set with the next two, needed beyond loopback. The files are read again when they change."),
  MANTLE_CONTROL_PLANE_CERT_FILE(
      "", "Certificate, PEM with its chain, that this server shows to the control plane."),
  MANTLE_CONTROL_PLANE_KEY_FILE("", "Private key of that certificate, PEM (PKCS #8)."),
  MANTLE_ADS_SOCKET(
      "",
      "Unix socket to serve Envoy its configuration on, from the control plane or, while that is away, as it was last; empty: Envoy asks the control plane itself."),
  MANTLE_EXTPROC_ADMIN_LISTEN(
      "127.0.0.1:0", "HOST:PORT for /health, /ready and /metrics; loopback."),
  MANTLE_NODE_ID("local", "Name of this sidecar, in the control plane's status."),
  MANTLE_BODY_BYTES_MAX("33554432", "Largest request body, in bytes; a larger one gets 413."),
  MANTLE_BYTES_IN_FLIGHT_MAX(
      "268435456", "Request bodies worked on at once, in bytes; beyond it new ones get 503."),
  MANTLE_SEGMENT_CACHE_BYTES_MAX(
      "33554432",
      "Memory for what was found in texts that clients send again (no text is kept), in bytes; 0 for none."),
  MANTLE_DEEP_MODEL(
      "",
      "A folder with a model for the deep tier, see docs/models/deep.md; empty: policies that ask for the tier are refused."),
  MANTLE_DEEP_MILLIS_MAX(
      "3000",
      "How long the deep tier may take for a request before it is refused with 503; keep it well below the control plane's MANTLE_MESSAGE_TIMEOUT_MILLIS."),
  MANTLE_VAULT_URL(
      "",
      "Redis that keeps what outlives a request, for all replicas: redis://HOST:PORT, rediss://USER:PASSWORD@HOST:PORT (TLS), redis+cluster://HOST:PORT,HOST:PORT; empty: this process's memory."),
  MANTLE_MASTER_KEY(
      "",
      "The key that wraps the vault's keys and seals what is kept on disk, the same for all replicas: 32 bytes in base64 (several, one a line: the first wraps, all open), or a Tink keyset of AEAD keys in JSON; must be set, here or by file, where MANTLE_VAULT_URL is."),
  MANTLE_MASTER_KEY_FILE("", "A file with what MANTLE_MASTER_KEY would say."),
  MANTLE_MASTER_KEY_URI(
      "",
      "Keys in key management services, separated by commas, see docs/keys.md: the first wraps the vault's keys, all open; MANTLE_MASTER_KEY or _FILE then only opens what it wrapped before."),
  MANTLE_DATA_DIR(
      ".mantle",
      "Where what the control plane sent last is kept, sealed under the master key (where there is none, under last-good-key, made there once), for a start without it; empty: nothing is kept."),
  MANTLE_POLICY_STALE_HOURS_MAX(
      "24",
      "How long policies may be used without word that they are still what the database says (the control plane, or Postgres, is away), in hours, such as 0.5; then requests are refused with 503."),
  MANTLE_VAULT_TTL_HOURS(
      "168", "How long the vault keeps a conversation that is not used, in hours."),
  MANTLE_VAULT_BYTES_MAX(
      "67108864", "Memory for the vault where there is no MANTLE_VAULT_URL, in bytes."),
  MANTLE_VAULT_TIMEOUT_MILLIS(
      "250", "How long a request waits for an answer of Redis before it is refused with 503."),
  MANTLE_LIMIT_URL(
      "",
      "Redis in which all replicas count requests and tokens together, as MANTLE_VAULT_URL; empty: that one, and where there is none each server counts for itself."),
  MANTLE_LIMIT_TIMEOUT_MILLIS(
      "100",
      "How long a request waits for that Redis before this server lets in its own share of the limit."),
  MANTLE_LIMIT_REPLICAS(
      "4", "Among how many servers a limit is parted while that Redis does not answer."),
  MANTLE_USAGE_SPOOL_DIR(
      "",
      "A folder of this server's own in which usage outlives it until the control plane has it, see docs/usage.md; empty: usage-spool in MANTLE_DATA_DIR, or where that is empty too, memory, lost when it is killed."),
  MANTLE_USAGE_SPOOL_BYTES_MAX(
      "268435456",
      "How large that folder grows while the control plane is away; beyond it requests go on and their usage is dropped and counted."),
  MANTLE_USAGE_SPOOL_HOURS_MAX(
      "168", "How long usage waits there before it is dropped and counted, in hours."),
  MANTLE_METRICS_TENANT_LABEL(
      "false",
      "Whether metrics count each tenant's exchanges and tokens on their own (the first 1,000 of them; the rest together): true or false."),
  OTEL_EXPORTER_OTLP_ENDPOINT(
      "",
      "Where traces go, over OTLP/HTTP in protobuf: the URL of a collector, without /v1/traces; empty: none are made."),
  OTEL_EXPORTER_OTLP_HEADERS(
      "",
      "Headers sent with traces, such as a credential: name=value,name=value, percent-encoded."),
  OTEL_EXPORTER_OTLP_COMPRESSION(
      "none",
      "How traces are packed on their way: gzip or none. To pack them takes more CPU than to make them: worth it where the way is long."),
  OTEL_TRACES_SAMPLER_ARG(
      "1",
      "How many of the traces that begin here are kept, from 0 to 1; what a client began is kept where the client does."),
  MANTLE_TRACE_CONTENT_TENANTS(
      "",
      "Tenants whose traces may say what the provider was sent and what it answered, surrogates for all that is masked, where their own policy turns that on (trace_content): ids, separated by commas, * for all; empty: none."),
  MANTLE_LOG_FORMAT("text", "How log lines are written to standard error: text or json."),
  MANTLE_END_WITH_STDIN(
      "false",
      "Whether to end when standard input ends, for a launcher that may be killed: true or false.");

  private final @Nullable String defaultValue;
  private final String description;

  Setting(@Nullable String defaultValue, String description) {
    this.defaultValue = defaultValue;
    this.description = description;
  }

  /** What holds where the variable is not set; null where it must be. */
  public @Nullable String defaultValue() {
    return defaultValue;
  }

  /** One line, for people. */
  public String description() {
    return description;
  }

  /** Whether its value may not be shown. */
  boolean isSecret() {
    return switch (this) {
      case MANTLE_VAULT_URL,
          MANTLE_LIMIT_URL,
          MANTLE_MASTER_KEY,
          OTEL_EXPORTER_OTLP_ENDPOINT,
          OTEL_EXPORTER_OTLP_HEADERS ->
          true;
      default -> false;
    };
  }
}
