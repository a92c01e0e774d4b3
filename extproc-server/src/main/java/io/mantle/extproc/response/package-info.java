/**
 * A response's way: decode, rehydrate, meter. In: the provider's head and its body in pieces cut
 * anywhere. Out: what the client gets, as soon as it can be sent. {@link
 * io.mantle.extproc.response.ResponsePipeline} is the door.
 */
@NullMarked
package io.mantle.extproc.response;

import org.jspecify.annotations.NullMarked;
