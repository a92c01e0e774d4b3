/**
 * What a tenant says itself about its texts: phrases that must not leave, phrases that may, and
 * recognizers of its own. In: those rules as values. Out: {@link
 * io.mantle.privacy.detect.custom.TenantRules}, compiled once when a policy is pushed, or the field
 * that is wrong with them. Here because what a tenant writes is held to limits that our own rules
 * keep by themselves.
 */
@NullMarked
package io.mantle.privacy.detect.custom;

import org.jspecify.annotations.NullMarked;
