package io.mantle.privacy.value;

/**
 * Text that a person typed and that nobody but the tenant may read.
 *
 * <p>It prints as its length, so that it cannot end in a log, an error or a metric by being
 * concatenated. Reading it is one method, {@link #reveal()}, whose callers a test restricts to the
 * packages that work on text.
 */
public final class Plaintext {
  private final String text;

  public Plaintext(String text) {
    this.text = text;
  }

  /** The text itself. Only for the stages that detect, substitute and rehydrate. */
  public String reveal() {
    return text;
  }

  /** In UTF-16 units. */
  public int length() {
    return text.length();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Plaintext that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return "Plaintext[" + text.length() + " chars]";
  }
}
