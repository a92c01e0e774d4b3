/**
 * Runs neural models for {@link io.mantle.privacy.detect.deep}. In: a folder with a model, its
 * vocabulary and a manifest, Rampart's or one that a tenant brings. Out: a {@link
 * io.mantle.privacy.detect.deep.TokenClassifier}. It is a module of its own because the runtime is
 * native code of 43 MB packed, which the engine must not need. {@link
 * io.mantle.deep.OnnxClassifier} is the door.
 */
@NullMarked
package io.mantle.deep;

import org.jspecify.annotations.NullMarked;
