package io.mantle.vault.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.vault.value.VaultException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does. */
public abstract class VaultStoreContract {
  private static final byte[] ROOT = bytes("root of one generation");
  private static final byte[] PREFIX = bytes("root of one");
  private static final byte[] OTHER_ROOT = bytes("another root");

  private static final String HER = "00112233445566778899aabbccddeeff";
  private static final String HIM = "ffeeddccbbaa99887766554433221100";

  private VaultStore store;

  /** An empty store; it is closed after the test. */
  protected abstract VaultStore store(StoreLimits limits) throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = store(new StoreLimits(Duration.ofMinutes(1), 100, 1 << 20));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void tenantRecord_createdTwice_theFirstHolds() throws VaultException {
    assertThat(store.tenantRecord("acme")).isNull();
    assertThat(store.createTenant("acme", bytes("first"))).isEqualTo(bytes("first"));
    assertThat(store.createTenant("acme", bytes("second"))).isEqualTo(bytes("first"));
    assertThat(store.tenantRecord("acme")).isEqualTo(bytes("first"));
    assertThat(store.tenantRecord("other")).isNull();
  }

  @Test
  void tenantRecord_replaced_onlyWhereTheExpectedOneIsThere() throws VaultException {
    assertThat(store.replaceTenant("acme", bytes("a"), bytes("b"))).isFalse();
    store.createTenant("acme", bytes("a"));
    assertThat(store.replaceTenant("acme", bytes("x"), bytes("b"))).isFalse();
    assertThat(store.replaceTenant("acme", bytes("a"), bytes("b"))).isTrue();
    assertThat(store.tenantRecord("acme")).isEqualTo(bytes("b"));
  }

  @Test
  void tenantRecord_deleted_isReturnedOnce() throws VaultException {
    store.createTenant("acme", bytes("a"));
    assertThat(store.deleteTenant("acme")).isEqualTo(bytes("a"));
    assertThat(store.deleteTenant("acme")).isNull();
    assertThat(store.tenantRecord("acme")).isNull();
  }

  @Test
  void conversation_begunTwice_theFirstHolds() throws VaultException {
    assertThat(store.begin("c", ROOT, null)).isEqualTo(ROOT);
    assertThat(store.begin("c", OTHER_ROOT, null)).isEqualTo(ROOT);
    assertThat(store.begin("c", OTHER_ROOT, bytes("not there"))).isEqualTo(ROOT);
    assertThat(store.look("acme", "c").root()).isEqualTo(ROOT);
  }

  @Test
  void conversation_begunInPlaceOfAStaleOne_losesItsEntries() throws VaultException {
    store.begin("c", ROOT, null);
    store.add("c", PREFIX, Map.of("s:1", bytes("entry")));
    assertThat(store.begin("c", OTHER_ROOT, ROOT)).isEqualTo(OTHER_ROOT);
    assertThat(store.look("acme", "c").entries()).isEmpty();
  }

  @Test
  void entries_added_areSeenWithRootAndTenant() throws VaultException {
    byte[] everyByte = new byte[90];
    for (int i = 0; i < everyByte.length; i++) {
      everyByte[i] = (byte) (i * 3);
    }
    store.createTenant("acme", bytes("record"));
    store.begin("c", ROOT, null);
    assertThat(store.add("c", PREFIX, Map.of("s:1", everyByte)))
        .isEqualTo(VaultStore.Addition.ADDED);

    VaultStore.Look look = store.look("acme", "c");
    assertThat(look.tenantRecord()).isEqualTo(bytes("record"));
    assertThat(look.root()).isEqualTo(ROOT);
    assertThat(look.entries()).containsOnlyKeys("s:1").containsEntry("s:1", everyByte);
    assertThat(store.look("nobody", "none").root()).isNull();
    assertThat(store.look("nobody", "none").tenantRecord()).isNull();
  }

  @Test
  void entries_ofAnotherGenerationOrNone_areNotAdded() throws VaultException {
    Map<String, byte[]> entries = Map.of("s:1", bytes("entry"));
    assertThat(store.add("c", PREFIX, entries)).isEqualTo(VaultStore.Addition.GONE);
    store.begin("c", OTHER_ROOT, null);
    assertThat(store.add("c", PREFIX, entries)).isEqualTo(VaultStore.Addition.GONE);
    assertThat(store.look("acme", "c").entries()).isEmpty();
  }

  @Test
  void entries_upToTheLimitAndOneByteMore_areAddedAndNot() throws VaultException {
    store.begin("c", ROOT, null);
    assertThat(store.add("c", PREFIX, Map.of("s:1", new byte[97])))
        .isEqualTo(VaultStore.Addition.ADDED);
    assertThat(store.add("c", PREFIX, Map.of("s:1", new byte[97])))
        .as("in its own place")
        .isEqualTo(VaultStore.Addition.ADDED);
    assertThat(store.add("c", PREFIX, Map.of("s:1", new byte[98])))
        .isEqualTo(VaultStore.Addition.FULL);
    assertThat(store.add("c", PREFIX, Map.of("s:2", new byte[1])))
        .isEqualTo(VaultStore.Addition.FULL);
    assertThat(store.look("acme", "c").entries()).containsOnlyKeys("s:1");
  }

  @Test
  void root_replaced_keepsEntriesAndOnlyWhereExpected() throws VaultException {
    store.begin("c", ROOT, null);
    store.add("c", PREFIX, Map.of("s:1", bytes("entry")));
    assertThat(store.replaceRoot("c", OTHER_ROOT, bytes("x"))).isFalse();
    assertThat(store.replaceRoot("none", ROOT, OTHER_ROOT)).isFalse();
    assertThat(store.replaceRoot("c", ROOT, OTHER_ROOT)).isTrue();
    assertThat(store.look("acme", "c").root()).isEqualTo(OTHER_ROOT);
    assertThat(store.look("acme", "c").entries()).containsOnlyKeys("s:1");
  }

  @Test
  void conversation_deleted_isReturnedOnceAndEmptyAfter() throws VaultException {
    store.begin("c", ROOT, null);
    store.add("c", PREFIX, Map.of("s:1", bytes("entry")));
    assertThat(store.deleteConversation("c")).isEqualTo(ROOT);
    assertThat(store.deleteConversation("c")).isNull();
    assertThat(store.look("acme", "c").root()).isNull();
    assertThat(store.look("acme", "c").entries()).isEmpty();
  }

  @Test
  void subject_deleted_takesItsConversationsAndNoOther() throws VaultException {
    store.begin("one", ROOT, null);
    store.begin("two", OTHER_ROOT, null);
    store.begin("other", ROOT, null);
    store.add("one", PREFIX, Map.of("s:1", bytes("1")), Set.of(HER));
    store.add("one", PREFIX, Map.of("s:2", bytes("2")), Set.of(HER, HIM));
    store.add("two", bytes("another"), Map.of("s:1", bytes("1")), Set.of(HER));
    store.add("other", PREFIX, Map.of("s:1", bytes("1")), Set.of(HIM));
    VaultStore.Deleted deleted = store.deleteAbout(HER);
    assertThat(deleted.roots()).containsExactlyInAnyOrder(ROOT, OTHER_ROOT);
    assertThat(deleted.more()).isFalse();
    assertThat(store.look("acme", "one").root()).isNull();
    assertThat(store.look("acme", "two").root()).isNull();
    assertThat(store.look("acme", "other").entries()).containsOnlyKeys("s:1");
    assertThat(store.deleteAbout(HER).roots()).isEmpty();
  }

  @Test
  void subject_ofAPart_takesItsWholeAndNoOtherPart() throws VaultException {
    for (String name : new String[] {"c", "c.one", "c.two", "d", "d.one"}) {
      store.begin(name, ROOT, null);
      store.add(name, PREFIX, Map.of("s:1", bytes("1")), Set.of(name.equals("c.one") ? HER : HIM));
    }
    assertThat(store.deleteAbout(HER).roots()).containsExactly(ROOT);
    assertThat(store.look("acme", "c").root()).isNull();
    assertThat(store.look("acme", "c.one").root()).isNull();
    for (String name : new String[] {"c.two", "d", "d.one"}) {
      assertThat(store.look("acme", name).root()).isEqualTo(ROOT);
    }
  }

  @Test
  void part_deleted_leavesItsWholeAndTheOtherWayRound() throws VaultException {
    for (String name : new String[] {"c", "c.one", "c.two"}) {
      store.begin(name, ROOT, null);
    }
    assertThat(store.deleteConversation("c.one")).isEqualTo(ROOT);
    assertThat(store.deleteConversation("c")).isEqualTo(ROOT);
    assertThat(store.look("acme", "c.two").root()).isEqualTo(ROOT);
  }

  @Test
  void subject_ofAnotherGeneration_isNoneOfTheNext() throws VaultException {
    store.begin("c", ROOT, null);
    store.add("c", PREFIX, Map.of("s:1", bytes("1")), Set.of(HER));
    store.begin("c", OTHER_ROOT, ROOT);
    assertThat(store.deleteAbout(HER).roots()).isEmpty();
    assertThat(store.look("acme", "c").root()).isEqualTo(OTHER_ROOT);
  }

  @Test
  void link_stored_isFoundUnderItsNameAlone() throws VaultException {
    assertThat(store.link("l")).isNull();
    store.putLink("l", bytes("a"));
    store.putLink("l", bytes("b"));
    assertThat(store.link("l")).isEqualTo(bytes("b"));
    assertThat(store.look("acme", "l").root()).isNull();
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
