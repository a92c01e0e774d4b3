package io.mantle.extproc.relay;

import com.google.protobuf.Descriptors.Descriptor;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The types of resource that the control plane publishes, in the order in which Envoy needs them.
 */
enum ConfigType {
  CLUSTER(Cluster.getDescriptor()),
  LISTENER(Listener.getDescriptor()),
  SCOPED_ROUTE(ScopedRouteConfiguration.getDescriptor());

  private final String url;

  ConfigType(Descriptor descriptor) {
    this.url = "type.googleapis.com/" + descriptor.getFullName();
  }

  /** The type of a URL, null where nothing of it is published. */
  static @Nullable ConfigType of(String url) {
    for (ConfigType type : values()) {
      if (type.url.equals(url)) {
        return type;
      }
    }
    return null;
  }

  String url() {
    return url;
  }
}
