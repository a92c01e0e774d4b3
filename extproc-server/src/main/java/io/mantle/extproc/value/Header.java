package io.mantle.extproc.value;

/**
 * One HTTP header.
 *
 * @param name in lower case
 */
public record Header(String name, String value) {

  /** Prints the name alone: values hold credentials. */
  @Override
  public String toString() {
    return "Header[" + name + "]";
  }
}
