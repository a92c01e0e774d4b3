package io.mantle.controlplane.snapshot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What is the same for all tenants: what the shared resources depend on, and what sidecars can.
 *
 * @param listenHost where Envoy listens; a literal or a name Envoy can resolve
 * @param listenPort where Envoy listens
 * @param extProcSocket where Envoy finds its ext_proc server
 * @param bodyBytesMax largest request body
 * @param messageTimeout how long the ext_proc server may take to answer one message
 * @param streamIdleTimeout after how long without a byte an exchange ends
 * @param firstByteTimeout how long a provider may take to begin its answer
 * @param upstreamCaFile certificate authorities by which providers are judged, on Envoy's machine
 * @param deepTier whether every sidecar has a model for the deep tier
 * @param listenTls who Envoy is to clients under HTTPS; empty for plain HTTP
 * @param flood what Envoy turns away before it reads it
 * @param accessLog whether Envoy writes a line for each exchange
 */
public record GatewaySettings(
    String listenHost,
    int listenPort,
    Path extProcSocket,
    int bodyBytesMax,
    Duration messageTimeout,
    Duration streamIdleTimeout,
    Duration firstByteTimeout,
    Path upstreamCaFile,
    boolean deepTier,
    Optional<TlsFiles> listenTls,
    Flood flood,
    boolean accessLog) {

  /**
   * A certificate with its chain and its private key, PEM files on Envoy's machine that it reads.
   */
  public record TlsFiles(Path certificate, Path key) {}

  /**
   * More than this is a flood, for one Envoy.
   *
   * @param requestsPerSecond of all addresses together
   * @param requestsPerSecondOfAddress of one
   */
  public record Flood(int requestsPerSecond, int requestsPerSecondOfAddress) {}
}
