/**
 * Who asks: passwords, sessions and tokens. In come e-mail addresses with passwords, and bearer
 * tokens; out come {@link io.mantle.controlplane.identity.Caller}s and sessions. What a caller may
 * do is decided where the resources are.
 */
@NullMarked
package io.mantle.controlplane.identity;

import org.jspecify.annotations.NullMarked;
