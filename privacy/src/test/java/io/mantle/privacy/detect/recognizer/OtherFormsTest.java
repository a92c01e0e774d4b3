package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.value.EntityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses of wallets, dates, links and account names: what is one, and what is none. */
class OtherFormsTest {
  private static final Detector RULES = Detectors.ofRules();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        // Bitcoin's first block, BIP 173's and BIP 350's examples, EIP-55's.
        "to ⟦1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa⟧. | CRYPTO",
        "⟦bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4⟧ | CRYPTO",
        "⟦BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4⟧ | CRYPTO",
        "⟦bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0⟧ | CRYPTO",
        "⟦0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed⟧ | CRYPTO",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb | CRYPTO",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5 | CRYPTO",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe | CRYPTO",
        "9d8ae41c2c5d9e7bd3a1a02a4ec2d3d0b0f8a1b2 | CRYPTO",
        "on ⟦2025-08-07⟧ and ⟦2025-08-07T12:30:45.123Z⟧ | DATE",
        "⟦07.08.2025⟧, ⟦7/8/2025⟧, ⟦07/08/25⟧ and ⟦07. 08. 2025⟧ | DATE",
        "⟦12 March 2024⟧, ⟦March 12, 2024⟧, ⟦Mar 5⟧ and ⟦March 2024⟧ | DATE",
        "⟦1st of May 2020⟧; ⟦3. Oktober 1990⟧; ⟦1er janvier 2024⟧ | DATE",
        "⟦12 de marzo de 2024⟧ e ⟦12 marzo 2024⟧, ⟦5 maart 2021⟧ | DATE",
        "⟦25 de mar\u00e7o de 2020⟧ i ⟦3 maja 1791⟧ | DATE",
        "in ⟦1992⟧ on ⟦Tuesday⟧ | DATE",
        "version 1.2.3 and 10.0.0.1 and 1/2 and 3/4 cup | DATE",
        "2025-13-45 and 99/99/2025 and 12:30:45 | DATE",
        "gpt-5-nano-2025-08-07 | DATE",
        "HTTP 2024 and error 1992 and port 2020 | DATE",
        "born ⟦12 March 1984⟧ | DATE_OF_BIRTH",
        "DOB: ⟦1984-03-12⟧ | DATE_OF_BIRTH",
        "geboren am ⟦12.03.1984⟧ | DATE_OF_BIRTH",
        "n\u00e9e le ⟦12/03/1984⟧ | DATE_OF_BIRTH",
        "\"date_of_birth\": \"⟦1984-03-12⟧\" | DATE_OF_BIRTH",
        "at ⟦https://example.com/a?b=c#d⟧, or (⟦http://example.org/x⟧). | URL",
        "⟦www.example.com/path⟧! | URL",
        "https://github.com/owner/name and ⟦https://github.com/jane-smith⟧ | URL",
        "[the page](https://docs.example.org/a/b) and [me](⟦https://example.org/⟧) | URL",
        "https://jane:pw@example.com/ and http:// and file:///etc/hosts | URL",
        "follow ⟦@jane_smith⟧ on Twitter | USERNAME",
        "thanks to ⟦@jane99⟧ for this | USERNAME",
        "username: \"⟦jsmith⟧\" and login=⟦j_smith42⟧ | USERNAME",
        "the user name is '⟦jane.smith⟧' | USERNAME",
        "user ID ⟦54321⟧ and user 54321 | USERNAME",
        "Username: ⟦jsmith⟧ | USERNAME",
        "username: email, username: jsmith) | USERNAME",
        "@Override public void run() | USERNAME",
        "the user¶  @property¶  def x | USERNAME",
        "npm i @types/node @angular/core@17 | USERNAME",
        "@media (min-width: 10px) and @param user2 the user | USERNAME",
        "user: User, username: string, login = request.form[x] | USERNAME",
        "{\"role\": \"user\", \"content\": \"x\"} | USERNAME",
      })
  void detect_text_findsWhatIsMarked(String marked, EntityType type) {
    String lines = marked.replace('¶', '\n');
    assertThat(Marked.mark(RULES, Marked.plain(lines), type)).isEqualTo(lines);
  }
}
