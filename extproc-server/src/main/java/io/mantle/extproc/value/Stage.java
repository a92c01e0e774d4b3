package io.mantle.extproc.value;

import java.util.Locale;

/** A part of the work on an exchange, whose time is taken. */
public enum Stage {
  /** The body is read, its texts are gathered, and its conversation is told. */
  PARSE,
  /** What earlier requests left is looked up, or something is left for later ones. */
  VAULT,
  /** The texts are searched by rules and tagger; those remembered count too. */
  DETECT_FAST,
  /** The same, under a policy that asks for the deep tier. */
  DETECT_DEEP,
  /** Surrogates are made, and it is proven that they can be restored. */
  MINT,
  /** The body and the headers that leave are made. */
  EDIT,
  /** The answer is read and restored, piece by piece. */
  REHYDRATE;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** As metrics, traces and {@code server-timing} call it. */
  public String label() {
    return label;
  }
}
