/**
 * Tests of the whole: real Envoy, control plane, Postgres and ext_proc server, with a scripted
 * provider behind and clients that speak HTTP byte by byte in front. {@link
 * io.mantle.gateway.GatewayStack} puts it together; each {@code FooIT} is one promise of the
 * gateway.
 */
@NullMarked
package io.mantle.gateway;

import org.jspecify.annotations.NullMarked;
