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
  private final Consumer<Snapshot> follow = this::follow;
  private @Nullable Snapshot current;
  private Peers.@Nullable Connection connection;
  private List<Resource> leaving = List.of();
  private boolean closed;

  AdsStream(Snapshots snapshots, Peers envoys) {
    this.snapshots = snapshots;
    this.envoys = envoys;
    snapshots.subscribe(follow);
    snapshots.latest().ifPresent(this::follow);
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
    if (current != null) {
      subscription.begin(current);
    }
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

  private synchronized void follow(Snapshot next) {
    current = next;
    subscriptions.values().forEach(subscription -> subscription.follow(next));
    pump();
  }

  /** Sends what may be sent now, in the order in which Envoy needs it. */
  private synchronized void pump() {
    if (closed || current == null) {
      return;
    }
    send(AdsType.CLUSTER, Kind.CHANGES);
    if (isBehind(AdsType.CLUSTER, Kind.CHANGES)) {
      return;
    }
    send(AdsType.LISTENER, Kind.ALL);
    send(AdsType.SCOPED_ROUTE, Kind.ALL);
    // An Envoy that has yet to ask for scopes, after a reconnect, may hold some that use the
    // cluster.
    if (subscriptions.containsKey(AdsType.SCOPED_ROUTE)
        && !isBehind(AdsType.SCOPED_ROUTE, Kind.ALL)) {
      send(AdsType.CLUSTER, Kind.REMOVALS);
    }
  }

  private boolean isBehind(AdsType type, Kind kind) {
    Subscription subscription = subscriptions.get(type);
    return subscription != null && subscription.isBehind(kind);
  }

  private void send(AdsType type, Kind kind) {
    Subscription subscription = subscriptions.get(type);
    if (subscription != null) {
      subscription.send(kind);
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
    snapshots.unsubscribe(follow);
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
    private boolean begun;
    private boolean greeted;
    private Optional<Long> sentForChangeAtNanos = Optional.empty();

    private Subscription(AdsType type, Map<String, String> held) {
      this.type = type;
      this.cursor = new DeltaCursor<>(held);
    }

    private void begin(Snapshot snapshot) {
      if (!begun) {
        follow(snapshot);
      }
    }

    private void follow(Snapshot snapshot) {
      begun = true;
      cursor.follow(type.in(snapshot), type.keptIn(snapshot), snapshot.changedAtNanos());
    }

    private boolean isBehind(Kind kind) {
      return !greeted || cursor.isBehind(kind);
    }

    private void send(Kind kind) {
      DeltaWatch open = watch;
      if (open == null || open.isCancelled() || cursor.isUnderway()) {
        return;
      }
      Optional<Batch<Resource>> batch = cursor.next(kind);
      if (batch.isEmpty() && !greeted) {
        // Envoy waits for a first answer, also where there is nothing to say.
        batch = Optional.of(cursor.nothing());
      }
      if (batch.isPresent()) {
        watch = null;
        sentForChangeAtNanos = batch.get().heardAtNanos();
        leaving = batch.get().changed().stream().map(Versioned::message).toList();
        try {
          open.respond(
              DeltaResponse.create(
                  open.request(), Map.of(), batch.get().removed(), cursor.currentVersion()));
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
      } else {
        cursor.accepted();
        sentForChangeAtNanos.ifPresent(
            heardAtNanos -> from.tookEffect(type.shortName(), heardAtNanos));
        if (cursor.isInSync()) {
          from.acked(type.shortName(), cursor.currentVersion());
        }
      }
      from.refuses(type.shortName(), cursor.refused(Peers.REFUSED_NAMES_MAX));
    }
  }
}
