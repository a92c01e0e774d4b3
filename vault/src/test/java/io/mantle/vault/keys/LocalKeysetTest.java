package io.mantle.vault.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalKeysetTest {
  private static final byte[] KEY = bytes("a tenant's keys");
  private static final byte[] PLACE = bytes("the tenant");

  @Test
  void key_wrapped_opensInItsPlaceAlone() throws GeneralSecurityException {
    LocalKeyset keyset = LocalKeyset.ephemeral();
    byte[] wrapped = keyset.wrap(KEY, PLACE);
    assertThat(keyset.unwrap(wrapped, PLACE)).isEqualTo(KEY);
    assertThatThrownBy(() -> keyset.unwrap(wrapped, bytes("another")))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> LocalKeyset.ephemeral().unwrap(wrapped, PLACE))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void lines_newKeyBeforeTheOld_sealWithTheNewAndOpenBoth() throws GeneralSecurityException {
    LocalKeyset old = LocalKeyset.parse(line(1));
    LocalKeyset both = LocalKeyset.parse(line(2) + "\n" + line(1) + "\n");
    LocalKeyset young = LocalKeyset.parse("\n " + line(2) + " ");
    assertThat(both.unwrap(old.wrap(KEY, PLACE), PLACE)).isEqualTo(KEY);
    assertThat(young.unwrap(both.wrap(KEY, PLACE), PLACE)).isEqualTo(KEY);
    assertThatThrownBy(() -> old.unwrap(both.wrap(KEY, PLACE), PLACE))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void tinkKeyset_inJson_isRead() throws GeneralSecurityException {
    AeadConfig.register();
    String json =
        TinkJsonProtoKeysetFormat.serializeKeyset(
            KeysetHandle.generateNew(
                PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get()),
            RegistryConfiguration.get(),
            InsecureSecretKeyAccess.get());
    byte[] wrapped = LocalKeyset.parse(json).wrap(KEY, PLACE);
    assertThat(LocalKeyset.parse(json).unwrap(wrapped, PLACE)).isEqualTo(KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " \n", "hunter2", "{}", "{\"hunter2\":1}", "aHVudGVyMg==", "{\"key\":[{}]}"})
  void keyset_thatIsNone_isRefusedWithoutQuotingIt(String text) {
    assertThatThrownBy(() -> LocalKeyset.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
  }

  @Test
  void lines_withAKeyTwice_areRefused() {
    assertThatThrownBy(() -> LocalKeyset.parse(line(1) + "\n" + line(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static String line(int seed) {
    byte[] key = new byte[32];
    key[0] = (byte) seed;
    return Base64.getEncoder().encodeToString(key);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
