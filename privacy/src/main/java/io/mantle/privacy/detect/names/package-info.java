/**
 * Names by a trained model. In: a text. Out: stretches that the model takes for a person, a place
 * or an organisation, with its certainty. Here, apart from the recognizers, because training and
 * recognition must cut and describe words in exactly the same way.
 */
@NullMarked
package io.mantle.privacy.detect.names;

import org.jspecify.annotations.NullMarked;
