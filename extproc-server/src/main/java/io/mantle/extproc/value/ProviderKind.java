package io.mantle.extproc.value;

/** How a provider speaks: what it serves, how it is called, and how it says no. */
public enum ProviderKind {
  OPENAI,
  ANTHROPIC
}
