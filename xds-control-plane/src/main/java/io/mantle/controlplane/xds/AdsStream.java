package io.mantle.controlplane.xds;

import io.envoyproxy.controlplane.cache.ConfigWatcher;
import io.envoyproxy.controlplane.cache.DeltaResponse;
import io.envoyproxy.controlplane.cache.DeltaWatch;
import io.envoyproxy.controlplane.cache.DeltaXdsRequest;
import io.envoyproxy.controlplane.cache.Response;
import io.envoyproxy.controlplane.cache.Watch;
import io.envoyproxy.controlplane.cache.WatchCancelledException;
import io.envoyproxy.controlplane.cache.XdsRequest;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.mantle.controlplane.snapshot.Snapshot;
import io.mantle.controlplane.snapshot.Snapshots;
import io.mantle.controlplane.snapshot.Versioned;
import io.mantle.controlplane.snapshot.VersionedSet;
import io.mantle.controlplane.xds.DeltaCursor.Batch;
import io.mantle.controlplane.xds.DeltaCursor.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One Envoy's stream: what it holds of each type, and what it is sent next. Thread-safe.
 *
 * <p>Everything of a type is sent whatever names the request asks for (Envoy asks for all of these
 * three). A new cluster is sent and answered before the scope that uses it, a removed one after the
 * scopes that used it, so that no request meets a route without its cluster.
 *
 * <p>The protocol library's part is framing and nonces. Its own memory of what was sent is not
 * used: it does not know {@code initial_resource_versions}, by which a reconnecting Envoy says what
 * it still holds.
 */
final class AdsStream implements ConfigWatcher, DiscoveryServerCallbacks {
  private final Snapshots snapshots;
  private final Peers envoys;
  private final Map<AdsType, Subscription> subscriptions = new EnumMap<>(AdsType.class);
  private final Runnable pump = this::pump;
  private Peers.@Nullable Connection connection;
  private List<Resource> leaving = List.of();
  private boolean closed;

  AdsStream(Snapshots snapshots, Peers envoys) {
    this.snapshots = snapshots;
    this.envoys = envoys;
    snapshots.subscribe(pump);
  }

  /** The resources of the response now being made; read by the server as it makes it. */
  synchronized List<Resource> leaving() {
    return leaving;
  }

  /** Settles the answer that a request carries, before the library asks for the next watch. */
  @Override
  public synchronized void onV3StreamDeltaRequest(long streamId, DeltaDiscoveryRequest request) {
    if (connection == null) {
      connection = envoys.connect(request.getNode().getId());
    }
    AdsType type = AdsType.of(request.getTypeUrl());
    if (type == null) {
      return;
    }
    Subscription subscription =
        subscriptions.computeIfAbsent(
            type, _ -> new Subscription(type, request.getInitialResourceVersionsMap()));
    if (!request.getResponseNonce().isEmpty()) {
      Optional<String> rejection =
          request.hasErrorDetail()
              ? Optional.of(request.getErrorDetail().getMessage())
              : Optional.empty();
      subscription.answered(rejection, connection);
    }
  }

  @Override
  public synchronized DeltaWatch createDeltaWatch(
      DeltaXdsRequest request,
      String requesterVersion,
      Map<String, String> resourceVersions,
      Set<String> pendingResources,
      boolean isWildcard,
      Consumer<DeltaResponse> responseConsumer,
      boolean hasClusterChanged) {
    DeltaWatch watch =
        new DeltaWatch(
            request,
            resourceVersions,
            pendingResources,
            requesterVersion,
            isWildcard,
            responseConsumer);
    AdsType type = AdsType.of(request.getTypeUrl());
    Subscription subscription = type == null ? null : subscriptions.get(type);
    if (subscription != null) {
      subscription.watch = watch;
      pump();
    }
    return watch;
  }

  /** Sends what may be sent now, in the order in which Envoy needs it. */
  private synchronized void pump() {
    Optional<Snapshot> latest = snapshots.latest();
    if (closed || latest.isEmpty()) {
      return;
    }
    Snapshot snapshot = latest.get();
    send(AdsType.CLUSTER, snapshot, Kind.CHANGES);
    if (isBehind(AdsType.CLUSTER, snapshot, Kind.CHANGES)) {
      return;
    }
    send(AdsType.LISTENER, snapshot, Kind.ALL);
    send(AdsType.SCOPED_ROUTE, snapshot, Kind.ALL);
    // An Envoy that has yet to ask for scopes, after a reconnect, may hold some that use the
    // cluster.
    if (subscriptions.containsKey(AdsType.SCOPED_ROUTE)
        && !isBehind(AdsType.SCOPED_ROUTE, snapshot, Kind.ALL)) {
      send(AdsType.CLUSTER, snapshot, Kind.REMOVALS);
    }
  }

  private boolean isBehind(AdsType type, Snapshot snapshot, Kind kind) {
    Subscription subscription = subscriptions.get(type);
    return subscription != null && subscription.isBehind(type.in(snapshot), kind);
  }

  private void send(AdsType type, Snapshot snapshot, Kind kind) {
    Subscription subscription = subscriptions.get(type);
    if (subscription != null) {
      subscription.send(type.in(snapshot), kind, snapshot.changedAtNanos());
    }
  }

  @Override
  public void onStreamClose(long streamId, String typeUrl) {
    close();
  }

  @Override
  public void onStreamCloseWithError(long streamId, String typeUrl, Throwable error) {
    close();
  }

  private synchronized void close() {
    closed = true;
    snapshots.unsubscribe(pump);
    if (connection != null) {
      connection.close();
    }
  }

  /** Not served: on a refusal, the library answers a state-of-the-world stream in a hot loop. */
  @Override
  public Watch createWatch(
      boolean ads,
      XdsRequest request,
      Set<String> knownResourceNames,
      Consumer<Response> responseConsumer,
      boolean hasClusterChanged,
      boolean allowDefaultEmptyEdsUpdate) {
    throw new UnsupportedOperationException("only delta ADS is served");
  }

  @Override
  public void onV3StreamRequest(long streamId, DiscoveryRequest request) {
    throw new UnsupportedOperationException("only delta ADS is served");
  }

  /** One type on this stream. */
  private final class Subscription {
    private final AdsType type;
    private final DeltaCursor<Resource> cursor;
    private @Nullable DeltaWatch watch;
    private boolean greeted;
    private VersionedSet<Resource> sentFrom = new VersionedSet<>(Map.of(), "");
    private long sentForChangeAtNanos;

    private Subscription(AdsType type, Map<String, String> held) {
      this.type = type;
      this.cursor = new DeltaCursor<>(held);
    }

    private boolean isBehind(VersionedSet<Resource> current, Kind kind) {
      return !greeted || cursor.isBehind(current.byName(), kind);
    }

    private void send(VersionedSet<Resource> current, Kind kind, long changedAtNanos) {
      DeltaWatch open = watch;
      if (open == null || open.isCancelled() || cursor.isUnderway()) {
        return;
      }
      Optional<Batch<Resource>> batch = cursor.next(current.byName(), kind);
      if (batch.isEmpty() && !greeted) {
        // Envoy waits for a first answer, also where there is nothing to say.
        batch = Optional.of(cursor.nothing());
      }
      if (batch.isPresent()) {
        watch = null;
        sentFrom = current;
        sentForChangeAtNanos = changedAtNanos;
        leaving = batch.get().changed().stream().map(Versioned::message).toList();
        try {
          open.respond(
              DeltaResponse.create(
                  open.request(), Map.of(), batch.get().removed(), current.version()));
          greeted = true;
        } catch (WatchCancelledException e) {
          cursor
              .abandoned(); // another request of this type came at this moment, with its own watch
        } finally {
          leaving = List.of();
        }
      }
    }

    private void answered(Optional<String> rejection, Peers.Connection from) {
      if (!cursor.isUnderway()) {
        return;
      }
      if (rejection.isPresent()) {
        cursor.rejected();
        from.rejected(type.shortName(), rejection.get());
        return;
      }
      cursor.accepted();
      from.tookEffect(type.shortName(), sentForChangeAtNanos);
      if (cursor.isInSync(sentFrom.byName())) {
        from.acked(type.shortName(), sentFrom.version());
      }
    }
  }
}
