/**
 * Whether a provider can be called as it is stored, and messages to where a tenant wants them: who
 * is called, and with what, comes in, and what failed goes out. It is the one place from where the
 * control plane calls what tenants name, so what may be called is decided here.
 */
@NullMarked
package io.mantle.controlplane.probe;

import org.jspecify.annotations.NullMarked;
