package io.mantle.privacy.value;

/** What a tenant's policy does with an entity. */
public enum Action {
  /** It leaves as it is. */
  ALLOW,
  /** A realistic surrogate leaves in its place and is restored in the answer. */
  SUBSTITUTE,
  /** What says no more than its type leaves in its place, and is restored in the answer. */
  PLACEHOLDER,
  /** The request is refused. */
  BLOCK
}
