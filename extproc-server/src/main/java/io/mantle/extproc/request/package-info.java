/**
 * A request's way: authenticate, read the body, mask, choose the provider, edit. In: head and body
 * as the client sent them. Out: what may leave, or a refusal. {@link
 * io.mantle.extproc.request.RequestPipeline} is the door.
 */
@NullMarked
package io.mantle.extproc.request;

import org.jspecify.annotations.NullMarked;
