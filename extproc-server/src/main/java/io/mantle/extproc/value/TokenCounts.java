package io.mantle.extproc.value;

/** What a provider says an exchange cost, in the provider's billing units. */
public record TokenCounts(int prompt, int completion) {}
