/**
 * Entities that have no fixed form, by a trained model: people, places, organisations, addresses,
 * dates, identifiers and telephone numbers. In: a text. Out: stretches with their kind and margin.
 * A linear-chain CRF over hashed features; training and recognition describe tokens with the very
 * same code, which is why it is a package of its own.
 */
@NullMarked
package io.mantle.privacy.detect.tagger;

import org.jspecify.annotations.NullMarked;
