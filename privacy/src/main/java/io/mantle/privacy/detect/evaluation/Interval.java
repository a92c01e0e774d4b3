package io.mantle.privacy.detect.evaluation;

/**
 * Where a figure would lie in 95 of 100 samples of as many documents.
 *
 * @param low the lower end
 * @param high the upper end, not below {@code low}
 */
public record Interval(double low, double high) {}
