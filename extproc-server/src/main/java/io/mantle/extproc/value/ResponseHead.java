package io.mantle.extproc.value;

/**
 * A provider's answer before its body.
 *
 * @param status HTTP status
 * @param contentType in lower case, without parameters; empty where there is none
 * @param contentEncoding in lower case; empty where there is none
 * @param bodyFollows whether a body will come
 */
public record ResponseHead(
    int status, String contentType, String contentEncoding, boolean bodyFollows) {}
