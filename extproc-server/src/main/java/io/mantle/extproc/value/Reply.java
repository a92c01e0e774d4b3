package io.mantle.extproc.value;

import java.util.List;

/**
 * A whole answer made here, without a provider.
 *
 * @param headers without content-length
 * @param body not copied, so not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Reply(int status, List<Header> headers, byte[] body) {}
