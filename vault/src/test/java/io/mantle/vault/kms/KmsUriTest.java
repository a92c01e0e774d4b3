package io.mantle.vault.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KmsUriTest {
  private static final String ARN =
      "arn:aws:kms:eu-central-1:123456789012:key/8b9bb8f0-1f6f-4b52-9f57-6a4a2c1d0e11";
  private static final String GCP = "projects/p/locations/global/keyRings/r/cryptoKeys/k";

  @Test
  void parseAll_oneOfEach_readsThem() {
    assertThat(
            KmsUri.parseAll(
                "aws-kms://"
                    + ARN
                    + ", gcp-kms://"
                    + GCP
                    + ",hcvault://v.example:8200/transit/keys/k"))
        .containsExactly(
            new KmsUri.Aws("aws-kms://" + ARN, ARN, "eu-central-1"),
            new KmsUri.Gcp("gcp-kms://" + GCP, GCP),
            new KmsUri.HcVault(
                "hcvault://v.example:8200/transit/keys/k",
                URI.create("https://v.example:8200"),
                "transit",
                "k"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "aws-kms://key",
        "aws-kms://arn:aws:s3:eu-central-1:123456789012:key/x",
        "gcp-kms://projects/p/cryptoKeys/k",
        "gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k?x=1",
        "hcvault://user:hunter2@v.example/transit/keys/k",
        "hcvault://v.example/transit/k",
        "hcvault+http://v.example/transit/keys/k",
        "hcvault+http://127.0.0.1.example/transit/keys/k",
        "https://v.example/transit/keys/k",
        "hcvault://v/transit/keys/k,hcvault://v/transit/keys/k"
      })
  void parseAll_somethingElse_isRefusedWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> KmsUri.parseAll(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hunter2");
  }
}
