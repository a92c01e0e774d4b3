/**
 * The privacy engine, put together. In: the texts of a request, the conversation's key and the
 * tenant's policy. Out: what to write instead, and what puts the real values back. The stages
 * ({@code detect}, {@code surrogate}, {@code rehydrate}) do not know each other; {@link
 * io.mantle.privacy.PrivacyEngine} knows them all.
 */
@NullMarked
package io.mantle.privacy;

import org.jspecify.annotations.NullMarked;
