package io.mantle.privacy.detect;

import io.mantle.privacy.value.PrivacyPolicy;

/**
 * How a tenant's texts are examined: a detector, and what happens to what it finds. The two belong
 * together: what a tenant's own rules find may not leave whatever its type, so where there are
 * rules the detector itself leaves out what the policy allows, and nothing it finds is allowed.
 */
public record Examination(Detector detector, PrivacyPolicy actions) {}
