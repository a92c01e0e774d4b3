/**
 * The leaves: what the stages hand each other. No stage is known here, and nothing of gRPC or
 * Envoy.
 */
@NullMarked
package io.mantle.extproc.value;

import org.jspecify.annotations.NullMarked;
