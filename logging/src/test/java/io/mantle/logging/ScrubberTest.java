package io.mantle.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScrubberTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mail to Jörg.Müller+x@mail.acme.example now | mail to [email] now",
        "key sk-proj-4f8Kq2LmZz91 | key [key]",
        "key sk-mantle-Zk3xQ81fLm2p | key [key]",
        "token ghp_A1b2C3d4E5f6G7h8I9j0 | token [key]",
        "id AKIAIOSFODNN7EXAMPLE. | id [key].",
        "got Bearer abc.def-ghi_123= | got Bearer [secret]",
        "Authorization: Bearer abcdefgh1234 | Authorization: [secret]",
        "{\"x-api-key\":\"s3cr3tvalue\"} | {\"x-api-key\":\"[secret]\"}",
        "password=hunter2! failed | password=[secret] failed",
        "at redis://mantle:hunter2@vault.example:6379/0 | at redis://[secret]@vault.example:6379/0",
        "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_9 | jwt [token]",
        "card 4539 1488 0343 6467, | card [number],",
        "card 4539148803436467 | card [number]",
        "ssn 536-90-4399 | ssn [number]",
        "call +1 212 466 4271. | call [number].",
        "call +49 (0)30-1234567 | call [number]",
        "iban DE89370400440532013000 | iban [number]",
        "iban DE89 3704 0044 0532 0130 00, | iban [number],",
        "mac 00:1b:44:b5:00:07 | mac [address]",
      })
  void line_whatLooksPrivate_isTakenOut(String line, String scrubbed) {
    assertThat(Scrubber.scrub(line)).isEqualTo(scrubbed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Serving xDS on unix:/run/mantle/xds.sock, the admin API on port 8081",
        "exchange 7d1f9a2e-0c3b-4a55-9f6e-1b2c3d4e5f60 failed: java.lang.Foo at Bar.java:12",
        "trace 4bf92f3577b34da6a3ce929d0e0e4736 took 1763770000000 ns, 2026-11-22T00:45:10.123Z",
        "Netty channel java.nio.channels.Selector@1a2b3c4d closed",
        "the task-list is done; keyset primary id 1234567890",
        "at 2026-11-22T00:45:10.123+01:00, offset +120, 10:20:30:40, version 1.40.0+20261122",
        "SHA256 of V24 is B1946AC9, id AF1234567890ABCD",
      })
  void line_ofOurOwn_stays(String line) {
    assertThat(Scrubber.scrub(line)).isEqualTo(line);
  }

  @Test
  void line_tooLong_isCut() {
    assertThat(Scrubber.scrub("a".repeat(2 * Scrubber.CHARS_MAX)))
        .hasSize(Scrubber.CHARS_MAX + "... [cut]".length());
  }
}
