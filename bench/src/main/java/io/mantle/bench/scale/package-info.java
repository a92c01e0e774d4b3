/**
 * What the number of tenants costs. In: how many there are to be. Out: a table of how long a
 * committed change takes to Envoy's acknowledgement, what is sent for it, what memory and start-up
 * take, and what a request costs with few tenants and with many. All parts are processes of their
 * own, as they run in earnest; the bench stands between the control plane and Envoy, and only
 * counts.
 */
@NullMarked
package io.mantle.bench.scale;

import org.jspecify.annotations.NullMarked;
