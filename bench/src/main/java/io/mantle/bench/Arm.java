package io.mantle.bench;

/** The ways to the provider that are compared. */
enum Arm {
  DIRECT("direct"),
  ENVOY("Envoy alone"),
  MANTLE("Envoy + Mantle");

  private final String words;

  Arm(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
