package io.mantle.privacy.detect.names;

/**
 * A stretch of text that the model takes for a name.
 *
 * @param start first UTF-16 unit
 * @param end one past the last
 * @param type the model's word for it, as in the training data: {@code PERSON}, {@code LOCATION},
 *     {@code ORG}
 * @param probability the model's, the mean over the tokens
 */
public record FoundName(int start, int end, String type, double probability) {}
