package io.mantle.vault.keys;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TenantKeysTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  private final LocalKeyset master = LocalKeyset.ephemeral();
  private final TenantKeys acme = TenantKeys.create("acme", NOW);

  @Test
  void record_sealed_opensForItsTenantAlone() throws Exception {
    byte[] record = acme.seal(master);
    assertThat(TenantKeys.open("acme", record, master).encode()).isEqualTo(acme.encode());
    assertThatThrownBy(() -> TenantKeys.open("globex", record, master))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void root_ofAnotherTenantOrConversation_doesNotOpen() throws Exception {
    byte[] root = acme.newConversation("c").root();
    assertThat(acme.openConversation("c", root)).isNotNull();
    assertThatThrownBy(() -> acme.openConversation("d", root))
        .isInstanceOf(GeneralSecurityException.class);
    assertThat(TenantKeys.create("acme", NOW).openConversation("c", root))
        .as("its key is no more")
        .isNull();
  }

  @Test
  void root_withAnyByteChanged_neverOpens() throws Exception {
    byte[] root = acme.newConversation("c").root();
    for (int i = 0; i < root.length; i++) {
      byte[] altered = root.clone();
      altered[i] ^= 1;
      ConversationKeys keys = null;
      try {
        keys = acme.openConversation("c", altered);
      } catch (GeneralSecurityException e) {
        // as it should be
      }
      assertThat(keys).isNull();
    }
  }

  @Test
  void entry_openedElsewhere_doesNotOpen() throws Exception {
    ConversationKeys keys = acme.newConversation("c");
    byte[] sealed = keys.seal("s:1", "text".getBytes(StandardCharsets.UTF_8));
    assertThat(keys.open("s:1", sealed)).asString(StandardCharsets.UTF_8).isEqualTo("text");
    assertThatThrownBy(() -> keys.open("s:2", sealed)).isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> acme.newConversation("c").open("s:1", sealed))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void rotation_keepsNamesAndOldRootsUntilTheyExpired() throws Exception {
    ConversationKeys old = acme.newConversation("c");
    TenantKeys rotated = acme.rotated(NOW.plus(DAY), DAY);
    assertThat(rotated.conversationName("c")).isEqualTo(acme.conversationName("c"));
    ConversationKeys opened = requireNonNull(rotated.openConversation("c", old.root()));
    assertThat(rotated.isCurrent(opened)).isFalse();

    ConversationKeys anew = rotated.wrappedAnew(opened);
    assertThat(anew.rootPrefix()).isEqualTo(old.rootPrefix());
    assertThat(anew.salt()).isEqualTo(old.salt());
    assertThat(rotated.isCurrent(anew)).isTrue();

    TenantKeys soon = rotated.rotated(NOW.plus(DAY).plusSeconds(1), DAY);
    assertThat(soon.openConversation("c", old.root())).isNotNull();
    TenantKeys later = rotated.rotated(NOW.plus(DAY).plus(DAY).plusSeconds(1), DAY);
    assertThat(later.openConversation("c", old.root())).isNull();
    assertThat(later.openConversation("c", anew.root())).isNotNull();
  }

  @Test
  void rotation_fasterThanKeysExpire_endsAtTheLimit() {
    TenantKeys keys = acme;
    for (int i = 1; i < TenantKeys.KEYS_MAX; i++) {
      keys = keys.rotated(NOW.plusSeconds(i), DAY);
    }
    TenantKeys full = keys;
    assertThatThrownBy(() -> full.rotated(NOW.plusSeconds(60), DAY))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void link_ofAnotherTenantOrName_doesNotOpen() throws Exception {
    byte[] sealed = acme.sealLink("resp_1", "c");
    assertThat(acme.openLink("resp_1", sealed)).isEqualTo("c");
    assertThatThrownBy(() -> acme.openLink("resp_2", sealed))
        .isInstanceOf(GeneralSecurityException.class);
    assertThat(TenantKeys.create("acme", NOW).openLink("resp_1", sealed)).isNull();
    assertThatThrownBy(() -> acme.openLink("resp_1", new byte[8]))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void bytes_ofAnyKind_areReadOrRefusedAndNothingElse() {
    Random random = new Random(3);
    byte[] encoded = acme.rotated(NOW, DAY).encode();
    byte[] root = acme.newConversation("c").root();
    for (int round = 0; round < 50_000; round++) {
      byte[] record = altered(encoded, random);
      byte[] otherRoot = altered(root, random);
      try {
        TenantKeys.decode("acme", record);
      } catch (GeneralSecurityException e) {
        // refused
      }
      try {
        ConversationRoot.decode(otherRoot);
      } catch (GeneralSecurityException e) {
        // refused
      }
    }
  }

  private static byte[] altered(byte[] bytes, Random random) {
    byte[] altered = Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
    for (int i = random.nextInt(3); i > 0 && altered.length > 0; i--) {
      altered[random.nextInt(altered.length)] = (byte) random.nextInt(256);
    }
    return altered;
  }
}
