/**
 * The conversation with Envoy: the only place that knows gRPC and ext_proc's messages. {@link
 * io.mantle.extproc.stream.Exchange} is one HTTP exchange, its state one sealed value.
 */
@NullMarked
package io.mantle.extproc.stream;

import org.jspecify.annotations.NullMarked;
