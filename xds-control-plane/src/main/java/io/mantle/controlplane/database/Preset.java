package io.mantle.controlplane.database;

import java.util.Locale;

/**
 * What a privacy policy starts from: what becomes of each entity type, and the fields that differ
 * from the default. What a tenant says itself goes before it.
 */
public enum Preset {
  /** What identifies a person or opens a door is substituted. */
  DEFAULT("pass"),
  /** Every type is substituted, and what cannot be inspected is refused. */
  STRICT("refuse"),
  /**
   * The 18 identifiers of HIPAA's Safe Harbor method (45 CFR 164.514(b)(2)(i)), as far as they are
   * texts; photographs and other media are refused.
   */
  HIPAA("refuse"),
  /** Card numbers, and the codes that go with them. */
  PCI("pass");

  private final String media;

  Preset(String media) {
    this.media = media;
  }

  /** What becomes of what nobody can inspect. */
  public String media() {
    return media;
  }

  /** As the API and the database spell it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Preset of(String word) throws InvalidPolicyException {
    for (Preset preset : values()) {
      if (preset.word().equals(word)) {
        return preset;
      }
    }
    throw new InvalidPolicyException("preset", "none of default, strict, hipaa and pci");
  }
}
