package io.mantle.privacy.detect.tagger;

/**
 * An entity found.
 *
 * @param start first UTF-16 unit
 * @param end one past the last
 * @param kind what it is
 * @param certainty 0 to 1: how likely the surest of its tokens belongs to an entity
 */
public record Found(int start, int end, Kind kind, double certainty) {}
