/**
 * The ext_proc server beside each Envoy. A request's way is {@code request.RequestPipeline}, a
 * response's way is {@code response.ResponsePipeline}; {@code stream.Exchange} carries one HTTP
 * exchange through both and is the backstop. {@link io.mantle.extproc.ExtProcServer} puts it all
 * together.
 */
@NullMarked
package io.mantle.extproc;

import org.jspecify.annotations.NullMarked;
