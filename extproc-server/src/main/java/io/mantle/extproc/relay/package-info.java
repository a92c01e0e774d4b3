/**
 * Envoy's configuration, by way of its sidecar. In come Envoy's delta ADS stream and the control
 * plane's; what one says is handed to the other, and what Envoy took is kept, in memory and sealed
 * on disk. Out of that, while the control plane is away, an Envoy that starts is served.
 */
@NullMarked
package io.mantle.extproc.relay;

import org.jspecify.annotations.NullMarked;
