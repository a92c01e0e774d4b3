package io.mantle.controlplane.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PasswordHashesTest {
  private final PasswordHashes hashes = new PasswordHashes();

  @Test
  void hash_isArgon2idWithOwaspsParametersAndASaltOfItsOwn() throws Exception {
    String one = hashes.hash("correct horse battery");
    String other = hashes.hash("correct horse battery");

    assertThat(one).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").isNotEqualTo(other);
    assertThat(hashes.isOutdated(one)).isFalse();
    assertThat(hashes.verify("correct horse battery", Optional.of(one))).isTrue();
    assertThat(hashes.verify("correct horse batterY", Optional.of(one))).isFalse();
  }

  @Test
  void verify_hashOfTheReferenceImplementation_isUnderstood() throws Exception {
    // From the tests of the reference implementation (phc-winner-argon2, test.c): version 19.
    String reference =
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    assertThat(hashes.verify("password", Optional.of(reference))).isTrue();
    assertThat(hashes.verify("passwore", Optional.of(reference))).isFalse();
    assertThat(hashes.isOutdated(reference)).isTrue();
  }

  @Test
  void verify_withoutAHash_isNoWhateverThePassword() throws Exception {
    assertThat(hashes.verify("correct horse battery", Optional.empty())).isFalse();
  }

  @Test
  void verify_otherSpellingOfTheSameCharacters_isTheSamePassword() throws Exception {
    String composed = hashes.hash("caf\u00e9 au lait, please");

    assertThat(hashes.verify("cafe\u0301 au lait, please", Optional.of(composed))).isTrue();
  }
}
