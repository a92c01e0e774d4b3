package io.mantle.controlplane.xds;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all peers of one sort (Envoys, or sidecars) said, kept also after they left, up to {@value
 * #GONE_PEERS_MAX} of those. Thread-safe.
 */
public final class Peers {
  private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
  static final int REFUSED_NAMES_MAX = 20;
  private static final int GONE_PEERS_MAX = 1_000;
  private static final int REASON_CHARACTERS_MAX = 1_000;
  private static final int NODE_ID_CHARACTERS_MAX = 200;

  private final String sort;
  private final MeterRegistry meters;
  private final Map<String, Peer> byNodeId = new HashMap<>();

  public Peers(String sort, MeterRegistry meters) {
    this.sort = sort;
    this.meters = meters;
    Gauge.builder("mantle.peers.connected", this, Peers::connectedCount)
        .tag("sort", sort)
        .description("Peers with an open stream")
        .register(meters);
    Gauge.builder("mantle.peers.refusing", this, Peers::refusingCount)
        .tag("sort", sort)
        .description("Peers with an open stream that refuse something as it now is")
        .register(meters);
  }

  private synchronized int refusingCount() {
    return (int)
        byNodeId.values().stream()
            .filter(peer -> peer.streams > 0 && !peer.refused.isEmpty())
            .count();
  }

  /** What they are: {@code envoy} or {@code sidecar}. */
  String sort() {
    return sort;
  }

  /** How many with an open stream hold another version of a kind than this one, or none. */
  synchronized int behindCount(String kind, String version) {
    return (int)
        byNodeId.values().stream()
            .filter(peer -> peer.streams > 0 && !version.equals(peer.ackedVersions.get(kind)))
            .count();
  }

  /** All that is known, by node id. */
  public synchronized List<PeerStatus> statuses() {
    return byNodeId.values().stream()
        .map(Peer::status)
        .sorted(Comparator.comparing(PeerStatus::nodeId))
        .toList();
  }

  /** How many have an open stream. */
  public synchronized int connectedCount() {
    return (int) byNodeId.values().stream().filter(peer -> peer.streams > 0).count();
  }

  synchronized Connection connect(String nodeId) {
    String shown = nodeId.isEmpty() ? "unnamed" : shorten(nodeId, NODE_ID_CHARACTERS_MAX);
    Peer peer = byNodeId.computeIfAbsent(shown, Peer::new);
    peer.streams++;
    peer.refused.clear();
    peer.connectedAt = Instant.now();
    LOG.info("{} {} connected", sort, shown);
    forgetLongGone();
    return new Connection(peer);
  }

  private void forgetLongGone() {
    List<Peer> gone =
        new ArrayList<>(byNodeId.values().stream().filter(peer -> peer.streams == 0).toList());
    if (gone.size() > GONE_PEERS_MAX) {
      gone.sort(Comparator.comparing(peer -> peer.connectedAt));
      gone.subList(0, gone.size() - GONE_PEERS_MAX).forEach(peer -> byNodeId.remove(peer.nodeId));
    }
  }

  private static String shorten(String text, int charactersMax) {
    return text.length() <= charactersMax ? text : text.substring(0, charactersMax) + "...";
  }

  /** One open stream of a peer. */
  final class Connection implements AutoCloseable {
    private final Peer peer;
    private final long connectedAtNanos = System.nanoTime();
    private boolean closed;

    private Connection(Peer peer) {
      this.peer = peer;
    }

    /** The peer took something, and with it holds all there is of this kind in this version. */
    void acked(String kind, String version) {
      synchronized (Peers.this) {
        peer.ackedVersions.put(kind, version);
      }
      Counter.builder("mantle.acknowledgements")
          .description("How often a peer acknowledged all there is of a kind")
          .tag("sort", sort)
          .tag("kind", kind)
          .register(meters)
          .increment();
    }

    /**
     * The peer took what was sent for a change of which word came then ({@link System#nanoTime}).
     * What changed before it connected says nothing about how fast changes are.
     */
    void tookEffect(String kind, long changedAtNanos) {
      if (changedAtNanos - connectedAtNanos < 0) {
        return;
      }
      Duration after = Duration.ofNanos(System.nanoTime() - changedAtNanos);
      synchronized (Peers.this) {
        peer.timeToEffect = after;
      }
      Timer.builder("mantle.time.to.effect")
          .description("From word of a change to the peer's acknowledgement")
          .tag("sort", sort)
          .tag("kind", kind)
          .publishPercentiles(0.5, 0.99)
          .register(meters)
          .record(after);
    }

    void rejected(String kind, String reason) {
      String shown = shorten(reason.replaceAll("\\p{Cntrl}+", " "), REASON_CHARACTERS_MAX);
      LOG.warn("{} {} refused {}: {}", sort, peer.nodeId, kind, shown);
      synchronized (Peers.this) {
        peer.lastRejection = new PeerStatus.Rejection(kind, shown, Instant.now());
      }
      Counter.builder("mantle.rejections")
          .description("Configuration that a peer refused")
          .tag("sort", sort)
          .tag("kind", kind)
          .register(meters)
          .increment();
    }

    /** These of a kind, by name, the peer refuses as they now are. */
    void refuses(String kind, List<String> names) {
      synchronized (Peers.this) {
        if (names.isEmpty()) {
          peer.refused.remove(kind);
        } else {
          peer.refused.put(kind, names);
        }
      }
    }

    @Override
    public void close() {
      synchronized (Peers.this) {
        if (!closed) {
          closed = true;
          peer.streams--;
          LOG.info("{} {} disconnected", sort, peer.nodeId);
        }
      }
    }
  }

  private static final class Peer {
    private final String nodeId;
    private final Map<String, String> ackedVersions = new TreeMap<>();
    private final Map<String, List<String>> refused = new TreeMap<>();
    private int streams;
    private Instant connectedAt = Instant.now();
    private PeerStatus.@Nullable Rejection lastRejection;
    private @Nullable Duration timeToEffect;

    private Peer(String nodeId) {
      this.nodeId = nodeId;
    }

    private PeerStatus status() {
      return new PeerStatus(
          nodeId,
          streams > 0,
          connectedAt,
          Map.copyOf(ackedVersions),
          Optional.ofNullable(lastRejection),
          Map.copyOf(refused),
          Optional.ofNullable(timeToEffect).map(duration -> duration.toNanos() / 1e6));
    }
  }
}
