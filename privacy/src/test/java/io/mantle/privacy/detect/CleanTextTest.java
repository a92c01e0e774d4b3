package io.mantle.privacy.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.value.Plaintext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers, names and marks of programs, their logs and their documentation: nothing is private. */
class CleanTextTest {
  private static final Detector RULES = Detectors.ofRules();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "550e8400-e29b-41d4-a716-446655440000",
        "{\"session_id\": \"550e8400-e29b-41d4-a716-446655440000\"}",
        "commit 9d8ae41c2c5d9e7bd3a1a02a4ec2d3d0b0f8a1b2",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "md5 d41d8cd98f00b204e9800998ecf8427e  file.bin",
        "2024-03-12 10:15:00,123 INFO [main] o.a.Server - started in 1234 ms",
        "[2024-03-12T10:15:00.123Z] \"GET /items/1234567890?page=2 HTTP/1.1\" 200 51234",
        "{\"ts\":1733000000.123,\"created\":1733000000,\"updated_ms\":1733000000123}",
        "at java.base/java.lang.Thread.run(Thread.java:1583)",
        "  File \"/usr/lib/python3.11/json/decoder.py\", line 355, in raw_decode",
        "listening on port 8080, pid 1234567",
        "version 1.2.3.4, release 10.0.22621.3007",
        "<version>3.2.17.0</version>",
        "see RFC 5280 section 4.2.1.1 and JLS 8.1.1.2",
        "OID 2.5.29.15 and 1.2.840.113549.1.1.11",
        "price $1,234,567.89 or EUR 1.234.567,89",
        "3.14159265358979 * 2.718281828459045 = 8.5397342226735",
        "x = 0x7fff5fbff8a0; y = 4294967295; z = 18446744073709551615",
        "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]",
        "100000000 rows, 123456789 bytes, 987654321 max",
        "chatcmpl-C4HqHBe4xca0k0EzsCnf1t6V3YFXp",
        "call_8fxy20OEu9ulvvaa5b5CzVA4 and toolu_01A09q90qw90lq917835lq9",
        "\"integrity\": \"sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg==\"",
        "ISBN 978-3-16-148410-0",
        "SKU-99812, part AB-1234-5678, order 123456789",
        "static final long serialVersionUID = 19190115L;",
        "SRP_user_pwd *user_pwd(SRP_VBASE *vb);",
        "#define UI_INPUT_FLAG_DEFAULT_PWD 0x02",
        "password = getpass.getpass(\"Password: \")",
        "token = self.tokens[i]; pass secret_name to the call",
        "Pass --allow-scripts=<pkg> or pass stdout=PIPE",
        "@Override¶public String toString() {",
        "/**¶ * Reads the user message.¶ * @param message the message¶ * @return the user¶ */",
        "private @Nullable String user(@NonNull Message message)",
        "import { x } from \"@angular/core\"; npm i @types/node@20",
        "@media (min-width: 640px) { .user { width: 50% } }",
        "git clone git@github.com:owner/repo.git",
        "docker pull registry/app:1.2.3 -p 8080:80",
        "mkdir -p target/classes && cp -a x y",
        "\"role\": \"user\", \"content\": \"hello\"",
        "user = request.user; login = form.login; self.username = username",
        "GPIO pin 13, pins 1234 and port 443",
        "status code 404, error code 12345, exit code 137",
        "A[::2, ::3] and std::vector<int>::size",
        "loss: 0.123456 - lr: 1.0e-04 - step 1200/40000 eta 1:02:03",
        "CPU0: 12345678 interrupts, 98765432 context switches",
        "matrix: 12.345 -67.890 | 12345 67890 54321 9876"
      })
  void detect_textOfMachines_findsNothing(String text) {
    String lines = text.replace('¶', '\n');
    assertThat(RULES.detect(new Plaintext(lines))).as(() -> Marked.plain(lines)).isEmpty();
  }
}
