/**
 * Whether a provider can be called as it is stored: its kind, base URL and credential come in, and
 * what failed goes out. It is the one place from where the control plane calls what tenants name,
 * so what may be called is decided here.
 */
@NullMarked
package io.mantle.controlplane.probe;

import org.jspecify.annotations.NullMarked;
