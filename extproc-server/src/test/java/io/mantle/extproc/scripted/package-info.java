/** What tests need to play a client, a provider, Envoy and a control plane. */
@NullMarked
package io.mantle.extproc.scripted;

import org.jspecify.annotations.NullMarked;
