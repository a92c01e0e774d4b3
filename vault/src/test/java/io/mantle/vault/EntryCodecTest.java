package io.mantle.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.vault.EntryCodec.MalformedEntryException;
import io.mantle.vault.value.KeptSurrogate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntryCodecTest {
  private static final List<EntityType> TYPES = List.of(EntityType.values());
  private static final List<KeptSurrogate> KEPT =
      List.of(
          kept(EntityType.PERSON, "Juliet Pons", "Maria Garcia", true),
          kept(EntityType.ADDRESS, "Allee 3\u00a0b", "Straße 5 \ud83c\udfe0", false),
          kept(EntityType.PASSWORD_OR_SECRET, "x\ud800y", "\udc00", true),
          kept(EntityType.URL, "https://u.example", "", false));

  @Test
  void entry_ofAnyTexts_isReadAsItWasWritten() throws MalformedEntryException {
    assertThat(EntryCodec.decode(EntryCodec.encode(KEPT))).isEqualTo(KEPT);
    assertThat(EntryCodec.decode(EntryCodec.encode(List.of()))).isEmpty();
  }

  @Test
  void entry_ofSeededTexts_isReadAsItWasWritten() throws MalformedEntryException {
    Random random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      List<KeptSurrogate> kept = new ArrayList<>();
      for (int i = random.nextInt(5); i > 0; i--) {
        EntityType type = TYPES.get(random.nextInt(TYPES.size()));
        kept.add(kept(type, "s" + text(random), text(random), random.nextBoolean()));
      }
      assertThat(EntryCodec.decode(EntryCodec.encode(kept))).isEqualTo(kept);
    }
  }

  @Test
  void entry_cutAnywhereOrWithMore_isRefused() {
    byte[] entry = EntryCodec.encode(KEPT);
    for (int length = 0; length < entry.length; length++) {
      byte[] cut = Arrays.copyOf(entry, length);
      assertThatThrownBy(() -> EntryCodec.decode(cut)).isInstanceOf(MalformedEntryException.class);
    }
    assertThatThrownBy(() -> EntryCodec.decode(Arrays.copyOf(entry, entry.length + 1)))
        .isInstanceOf(MalformedEntryException.class);
  }

  @Test
  void entry_thatClaimsMoreThanItHolds_allocatesNothingForIt() {
    byte[] claim = {1, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0, 0};
    assertThatThrownBy(() -> EntryCodec.decode(claim)).isInstanceOf(MalformedEntryException.class);
  }

  @Test
  void entry_ofRandomOrAlteredBytes_isReadOrRefusedAndNothingElse() {
    Random random = new Random(11);
    byte[] entry = EntryCodec.encode(KEPT);
    int refused = 0;
    for (int round = 0; round < 200_000; round++) {
      byte[] bytes = round % 2 == 0 ? new byte[random.nextInt(64)] : entry.clone();
      if (round % 2 == 0) {
        random.nextBytes(bytes);
        if (bytes.length > 0) {
          bytes[0] = 1;
        }
      } else {
        for (int i = random.nextInt(4); i >= 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
      try {
        EntryCodec.decode(bytes);
      } catch (MalformedEntryException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(100_000);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append((char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(0x10000)));
    }
    return text.toString();
  }

  static KeptSurrogate kept(EntityType type, String surrogate, String original, boolean bounded) {
    return new KeptSurrogate(type, surrogate, new Plaintext(original), bounded, !bounded);
  }
}
