package io.mantle.privacy.detect.custom;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;

/**
 * A word or phrase that must not leave.
 *
 * @param type what leaves in its place looks like one of these
 */
public record DenyTerm(Plaintext phrase, EntityType type) {}
