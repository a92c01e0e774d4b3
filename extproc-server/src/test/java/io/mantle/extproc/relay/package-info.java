/** The relay between a control plane and an Envoy that say what a test tells them to. */
@NullMarked
package io.mantle.extproc.relay;

import org.jspecify.annotations.NullMarked;
