package io.mantle.bench;

/**
 * What went through Mantle before anything was counted.
 *
 * @param steady whether its throughput had stopped rising when the counting began
 */
record WarmUp(long requests, double seconds, boolean steady) {}
