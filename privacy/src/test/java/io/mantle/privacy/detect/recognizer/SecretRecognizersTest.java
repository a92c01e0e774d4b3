package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.value.EntityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretRecognizersTest {
  private static final Detector RULES = Detectors.ofRules();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://⟦bob:hunter2⟧@db.example.com/x",
        "postgres://⟦app:s3cr%40t⟧@localhost:5432/app",
        "redis://⟦:p4ssw0rd⟧@cache:6379",
        "OPENAI_API_KEY=⟦sk-proj-abcDEF1234567890abcDEF1234567890⟧",
        "⟦sk-ant-api03-AbCdEf0123456789_AbCdEf0123456789-AA⟧",
        "⟦sk-mantle-Zx81kQ0aLm52nVb7Rt63⟧.",
        "\"⟦AKIAIOSFODNN7EXAMPLE⟧\" and ⟦ASIAIOSFODNN7EXAMPLE⟧",
        "⟦ghp_16C7e42F292c6912E7710c838347Ae178B4a⟧",
        "⟦github_pat_11ABCDEFG0aBcDeFgHiJkL_mNoPqRsTuVwXyZ0123456789⟧",
        "⟦AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY⟧",
        "⟦xoxb-123456789012-abcDEFghiJKL⟧",
        "⟦sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc⟧",
        "⟦eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U⟧",
        "Authorization: Bearer ⟦mF_9.B5f-4.1JqM0a7b⟧",
        "password: ⟦hunter2⟧",
        "DB_PASSWD=⟦Tr0ub4dor_3⟧",
        "{\"password\": \"⟦swordfish⟧\", \"api_key\": \"⟦a8f5f167f44f4964e6c998dee827110c⟧\"}",
        "her password is ⟦Qr7!dke#39⟧.",
        "and password '⟦WinterIsComing!$⟧' too",
        "client_secret = '⟦9f8e7d6c5b4a39281706⟧'",
        "pwd=⟦letmein⟧",
        "Passwort: ⟦geheim⟧"
      })
  void detect_textThatHoldsSome_findsThoseAlone(String marked) {
    assertThat(Marked.mark(RULES, Marked.plain(marked), EntityType.PASSWORD_OR_SECRET))
        .isEqualTo(marked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "How do I reset my password?",
        "password: string",
        "{\"password\": {\"type\": \"string\"}}",
        "{\"type\": \"password\", \"title\": \"Password\"}",
        "password = os.environ[\"DB_PASSWORD\"]",
        "password: ${DB_PASSWORD}",
        "password=config.password",
        "The password must be at least 8 characters.",
        "Password: must be at least 8 characters",
        "\"max_tokens\": 4096, \"token\": 12",
        "chatcmpl-C4HqHBe4xca0k0EzsCnf1t6V3YFXp and call_8fxy20OEu9ulvvaa5b5CzVA4",
        "sk-learn and sk-short and task-force-one-two-three-four",
        "https://example.com/a:b@c",
        "https://user:${PASS}@example.com/",
        "550e8400-e29b-41d4-a716-446655440000",
        "d41d8cd98f00b204e9800998ecf8427e",
        "password: ********",
        "bearer of bad news and Bearer token",
        "the api key is required",
        "eyJub3Qi",
        "username/password login"
      })
  void detect_textThatHoldsNone_findsNone(String text) {
    assertThat(Marked.mark(RULES, text, EntityType.PASSWORD_OR_SECRET)).isEqualTo(text);
  }
}
