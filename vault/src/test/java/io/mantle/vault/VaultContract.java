package io.mantle.vault;

import static io.mantle.vault.EntryCodecTest.kept;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.vault.keys.LocalKeyset;
import io.mantle.vault.keys.TenantKeys;
import io.mantle.vault.store.StoreLimits;
import io.mantle.vault.store.VaultStore;
import io.mantle.vault.value.ErasureReceipt;
import io.mantle.vault.value.KeptSurrogate;
import io.mantle.vault.value.Receipt;
import io.mantle.vault.value.VaultException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a vault does, whatever its store. */
abstract class VaultContract {
  private static final KeptSurrogate MARIA =
      kept(EntityType.PERSON, "Juliet Pons", "Maria Garcia", true);
  private static final KeptSurrogate CARD =
      kept(EntityType.CREDIT_CARD, "4368 5881 8231 3967", "4539 1488 0343 6467", true);

  private static final String SCOPE = "0123456789abcdef0123456789abcdef";
  private static final String HERS = SCOPE + ".abcdefghijkl";
  private static final String HIS = SCOPE + ".ABCDEFGH_-90";

  /** What a conversation that is there is stored as. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Stored(byte[] tenantRecord, byte[] root, Map<String, byte[]> entries) {}

  private final LocalKeyset master = LocalKeyset.parse(line(1));
  private VaultStore store;
  private Vault vault;

  /** The store that {@code another} replica sees too; empty at first. */
  abstract VaultStore store(StoreLimits limits) throws Exception;

  /** The same store as another replica opens it. */
  abstract VaultStore another(VaultStore store, StoreLimits limits);

  @BeforeEach
  void open() throws Exception {
    store = store(StoreLimits.STANDARD);
    vault = vault(master);
  }

  @AfterEach
  void close() {
    vault.close();
  }

  private Vault vault(LocalKeyset key) {
    return new Vault(key, store, StoreLimits.STANDARD);
  }

  private Vault replica(LocalKeyset key) {
    return new Vault(key, another(store, StoreLimits.STANDARD), StoreLimits.STANDARD);
  }

  @Test
  void conversation_keptByOneReplica_isReadByAnother() throws Exception {
    OpenConversation first = vault.open("acme", "c1");
    first.keep(List.of(MARIA, CARD));

    OpenConversation second = replica(master).open("acme", "c1");
    assertThat(second.surrogates()).containsExactlyInAnyOrder(MARIA, CARD);
    assertThat(second.salt()).isEqualTo(first.salt());
  }

  @Test
  void hosts_namedBesideSurrogates_areKeptOnceAndBounded() throws Exception {
    OpenConversation first = vault.open("acme", "c1");
    first.keep(List.of(MARIA), Set.of("wiki.acme-mail.com", "bücher.example"));
    first.keep(List.of(MARIA), Set.of("wiki.acme-mail.com"));
    assertThat(stored("acme", "c1").entries()).hasSize(2);
    OpenConversation second = replica(master).open("acme", "c1");
    assertThat(second.hosts()).containsExactlyInAnyOrder("wiki.acme-mail.com", "bücher.example");
    assertThat(second.surrogates()).containsExactly(MARIA);

    Set<String> many = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      many.add("a-host-of-very-many-%04d.example".formatted(i));
    }
    second.keep(List.of(CARD), many);
    OpenConversation third = vault.open("acme", "c1");
    assertThat(third.hosts()).contains("wiki.acme-mail.com").hasSizeBetween(400, 600);
    assertThat(third.surrogates()).containsExactlyInAnyOrder(MARIA, CARD);
  }

  @Test
  void conversation_openedByManyAtOnce_isOne() throws Exception {
    int replicas = 8;
    CyclicBarrier together = new CyclicBarrier(replicas);
    List<Future<byte[]>> hashes = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(replicas)) {
      for (int i = 0; i < replicas; i++) {
        Vault one = replica(master);
        KeptSurrogate own = kept(EntityType.PERSON, "S" + i, "O" + i, true);
        Callable<byte[]> open =
            () -> {
              together.await();
              OpenConversation conversation = one.open("fresh", "c1");
              conversation.keep(List.of(own));
              return conversation.salt();
            };
        hashes.add(threads.submit(open));
      }
      byte[] salt = hashes.getFirst().get();
      for (Future<byte[]> hash : hashes) {
        assertThat(hash.get()).isEqualTo(salt);
      }
    }
    assertThat(vault.open("fresh", "c1").surrogates()).hasSize(replicas);
  }

  @Test
  void conversation_ofAnotherTenantOrName_knowsNothing() throws Exception {
    vault.open("acme", "c1").keep(List.of(MARIA));
    assertThat(vault.open("acme", "c2").surrogates()).isEmpty();
    assertThat(vault.open("globex", "c1").surrogates()).isEmpty();
    assertThat(vault.find("acme", "c3")).isEmpty();
    assertThat(vault.find("initech", "c1")).isEmpty();
  }

  @Test
  void surrogate_keptTwice_isStoredOnce() throws Exception {
    OpenConversation conversation = vault.open("acme", "c1");
    conversation.keep(List.of(MARIA));
    conversation.keep(List.of(MARIA, MARIA));
    vault.open("acme", "c1").keep(List.of(MARIA));
    assertThat(stored("acme", "c1").entries()).hasSize(1);
    assertThat(vault.counts().surrogatesKept()).isEqualTo(1);
  }

  @Test
  void surrogate_keptForTwoOriginals_isForgotten() throws Exception {
    vault
        .open("acme", "c1")
        .keep(List.of(MARIA, CARD, kept(EntityType.PERSON, "Juliet Pons", "Ana Lopez", true)));
    assertThat(vault.open("acme", "c1").surrogates()).containsExactly(CARD);
  }

  @Test
  void store_holdsNoText() throws Exception {
    vault.open("acme", "jane.smith").keep(List.of(MARIA));
    vault.link("acme", "resp_secret", "jane.smith");
    Stored look = stored("acme", "jane.smith");
    List<byte[]> all = new ArrayList<>(look.entries().values());
    all.add(look.root());
    all.add(look.tenantRecord());
    for (byte[] bytes : all) {
      assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
          .doesNotContain("Juliet", "Garcia", "jane", "smith");
    }
  }

  @Test
  void conversation_forgotten_isGoneOnEveryReplica() throws Exception {
    Vault other = replica(master);
    OpenConversation before = vault.open("acme", "c1");
    before.keep(List.of(MARIA));
    assertThat(other.open("acme", "c1").surrogates()).containsExactly(MARIA);

    Receipt receipt = vault.forget("acme", "c1");
    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.KEY_DESTROYED);
    assertThat(receipt.key()).matches("[0-9a-f]{16}");
    assertThat(receipt.conversation()).isEqualTo("c1");
    assertThat(other.find("acme", "c1")).isEmpty();
    assertThat(other.forget("acme", "c1").outcome()).isEqualTo(Receipt.Outcome.NOTHING_STORED);
    assertThatThrownBy(() -> before.keep(List.of(CARD))).satisfies(VaultContract::isGone);

    OpenConversation after = vault.open("acme", "c1");
    assertThat(after.surrogates()).isEmpty();
    if (vault.isShared()) {
      assertThat(after.salt()).isNotEqualTo(before.salt());
    }
    assertThatThrownBy(() -> before.keep(List.of(CARD)))
        .as("it is another conversation of the same name")
        .satisfies(VaultContract::isGone);
  }

  @Test
  void conversation_neverSeen_isForgottenWithNothingStored() throws Exception {
    Receipt receipt = vault.forget("acme", "none");
    assertThat(receipt.outcome().word()).isEqualTo("nothing_stored");
    assertThat(receipt.key()).isNull();
    assertThat(vault.eraseTenant("acme").outcome()).isEqualTo(Receipt.Outcome.NOTHING_STORED);
  }

  @Test
  void parts_ofOneScope_holdWhatIsTheirsAndGoAlone() throws Exception {
    Vault other = replica(master);
    byte[] salt = vault.open("acme", SCOPE).salt();
    OpenConversation before = vault.open("acme", HERS);
    before.keep(List.of(MARIA));
    other.open("acme", HIS).keep(List.of(CARD));
    assertThat(other.open("acme", HERS).surrogates()).containsExactly(MARIA);
    assertThat(vault.open("acme", HIS).surrogates()).containsExactly(CARD);
    assertThat(vault.open("acme", SCOPE).surrogates()).isEmpty();

    Receipt receipt = vault.forget("acme", HERS);
    assertThat(receipt.conversation()).isEqualTo(HERS);
    assertThat(receipt.keys()).hasSize(2).doesNotHaveDuplicates().allMatch(VaultContract::isKey);
    assertThat(other.find("acme", HERS)).isEmpty();
    assertThat(other.open("acme", HIS).surrogates()).containsExactly(CARD);
    assertThatThrownBy(() -> before.keep(List.of(CARD))).satisfies(VaultContract::isGone);
    assertThat(vault.forget("acme", HERS).outcome()).isEqualTo(Receipt.Outcome.NOTHING_STORED);
    if (vault.isShared()) {
      assertThat(vault.open("acme", SCOPE).salt()).isNotEqualTo(salt);
    }
  }

  @Test
  void parts_ofAForgottenScope_areGoneOnEveryReplica() throws Exception {
    int parts = 120;
    OpenConversation scope = vault.open("acme", SCOPE);
    for (int i = 0; i < parts; i++) {
      vault.open("acme", SCOPE + ".part-%07d".formatted(i)).keep(List.of(MARIA));
    }
    vault.open("acme", "f" + SCOPE.substring(1) + ".part-0000000").keep(List.of(MARIA));
    OpenConversation atWork = replica(master).open("acme", SCOPE + ".part-0000119");
    atWork.keep(List.of(CARD));

    Receipt receipt = replica(master).forget("acme", SCOPE);
    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.KEY_DESTROYED);
    assertThat(receipt.keys()).hasSize(parts + 1);
    assertThat(vault.find("acme", SCOPE)).isEmpty();
    assertThat(vault.find("acme", SCOPE + ".part-0000000")).isEmpty();
    assertThatThrownBy(() -> atWork.keep(List.of(MARIA.asShown())))
        .satisfies(VaultContract::isGone);
    assertThatThrownBy(scope::checkThere).satisfies(VaultContract::isGone);
    assertThat(vault.forget("acme", SCOPE).outcome()).isEqualTo(Receipt.Outcome.NOTHING_STORED);
    assertThat(vault.erase("acme", MARIA.original()).conversations()).isOne();
  }

  @Test
  void subject_ofAPart_isErasedWithItsScopeAndNoOtherPart() throws Exception {
    OpenConversation scope = vault.open("acme", SCOPE);
    vault.open("acme", HERS).keep(List.of(MARIA));
    vault.open("acme", HIS).keep(List.of(CARD));
    assertThat(replica(master).erase("acme", MARIA.original()).conversations()).isOne();
    assertThat(vault.find("acme", HERS)).isEmpty();
    assertThatThrownBy(scope::checkThere).satisfies(VaultContract::isGone);
    assertThat(vault.open("acme", HIS).surrogates()).containsExactly(CARD);
  }

  @Test
  void part_discarded_leavesItsScope() throws Exception {
    OpenConversation scope = vault.open("acme", SCOPE);
    OpenConversation part = vault.open("acme", HERS);
    part.keep(List.of(MARIA));
    part.discard();
    assertThat(vault.find("acme", HERS)).isEmpty();
    scope.checkThere();
    assertThat(vault.find("acme", SCOPE)).isPresent();
  }

  @Test
  void subject_erased_isGoneFromEveryConversationOnEveryReplica() throws Exception {
    Vault other = replica(master);
    KeptSurrogate shouted = kept(EntityType.PERSON, "JULIET PONS", "MARÍA  GARCÍA", true);
    OpenConversation before = vault.open("acme", "c1");
    before.keep(List.of(CARD));
    before.keep(List.of(MARIA, shouted.asShown()));
    vault.open("acme", "c2").keep(List.of(shouted));
    other.open("acme", "c3").keep(List.of(CARD));
    other.open("globex", "c1").keep(List.of(MARIA));

    ErasureReceipt receipt = other.erase("acme", new Plaintext("maria garcia"));
    assertThat(receipt.outcome().word()).isEqualTo("key_destroyed");
    assertThat(receipt.conversations()).isEqualTo(2);
    assertThat(receipt.keys()).hasSize(2).doesNotHaveDuplicates().allMatch(VaultContract::isKey);
    assertThat(receipt.toString()).doesNotContainIgnoringCase("maria");

    for (Vault one : List.of(vault, other)) {
      assertThat(one.find("acme", "c1")).isEmpty();
      assertThat(one.find("acme", "c2")).isEmpty();
      assertThat(one.open("acme", "c3").surrogates()).containsExactly(CARD);
      assertThat(one.open("globex", "c1").surrogates()).containsExactly(MARIA);
    }
    assertThatThrownBy(() -> before.keep(List.of(kept(EntityType.PERSON, "A", "B", true))))
        .satisfies(VaultContract::isGone);
    assertThat(vault.erase("acme", new Plaintext("Maria Garcia")).outcome().word())
        .isEqualTo("nothing_stored");
    assertThat(vault.erase("nobody", new Plaintext("Maria Garcia")).conversations()).isZero();
    assertThat(vault.erase("acme", new Plaintext("4539148803436467")).conversations()).isOne();
  }

  @Test
  void subject_ofADeletedConversation_leavesItsSuccessorAlone() throws Exception {
    vault.open("acme", "c1").keep(List.of(MARIA));
    vault.forget("acme", "c1");
    vault.open("acme", "c1").keep(List.of(CARD));
    assertThat(vault.erase("acme", MARIA.original()).conversations()).isZero();
    assertThat(vault.open("acme", "c1").surrogates()).containsExactly(CARD);
  }

  @Test
  void subject_afterTheTenantsKeyWasRotated_isErased() throws Exception {
    vault.open("acme", "c1").keep(List.of(MARIA));
    vault.rotateTenantKey("acme");
    vault.open("acme", "c1").keep(List.of(CARD));
    vault.open("acme", "c2").keep(List.of(MARIA));
    assertThat(vault.erase("acme", MARIA.original()).conversations()).isEqualTo(2);
    assertThat(vault.erase("acme", CARD.original()).conversations()).isZero();
  }

  @Test
  void subject_inManyConversations_isErasedFromAll() throws Exception {
    int conversations = 250;
    for (int i = 0; i < conversations; i++) {
      vault.open("acme", "c" + i).keep(List.of(MARIA));
    }
    assertThat(vault.erase("acme", MARIA.original()).conversations()).isEqualTo(conversations);
    assertThat(vault.find("acme", "c0")).isEmpty();
    assertThat(vault.find("acme", "c249")).isEmpty();
  }

  private static boolean isKey(String fingerprint) {
    return fingerprint.matches("[0-9a-f]{16}");
  }

  @Test
  void tenant_erased_isGoneOnEveryReplicaAndOthersStay() throws Exception {
    Vault other = replica(master);
    vault.open("acme", "c1").keep(List.of(MARIA));
    vault.open("globex", "c1").keep(List.of(CARD));
    vault.link("acme", "resp_1", "c1");
    assertThat(other.open("acme", "c1").surrogates()).containsExactly(MARIA);

    Receipt receipt = vault.eraseTenant("acme");
    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.KEY_DESTROYED);
    assertThat(other.find("acme", "c1")).isEmpty();
    assertThat(other.linked("acme", "resp_1")).isEmpty();
    assertThat(other.open("acme", "c1").surrogates()).isEmpty();
    assertThat(other.open("globex", "c1").surrogates()).containsExactly(CARD);
    assertThat(other.linked("acme", "resp_1")).isEmpty();
  }

  @Test
  void tenant_erasedAndItsOldBytesPutBack_staysErased() throws Exception {
    vault.open("acme", "c1").keep(List.of(MARIA));
    Stored old = stored("acme", "c1");
    vault.eraseTenant("acme");
    vault.open("acme", "c1");
    TenantKeys keys = TenantKeys.open("acme", record("acme"), master);
    String name = keys.conversationName("c1");
    store.deleteConversation(name);
    store.begin(name, old.root(), null);
    store.add(name, old.root(), old.entries());
    assertThat(vault.find("acme", "c1")).isEmpty();
    assertThat(vault.open("acme", "c1").surrogates()).isEmpty();
  }

  @Test
  void masterKey_another_opensNothingAndChangesNothing() throws Exception {
    vault.open("acme", "c1").keep(List.of(MARIA));
    Vault wrong = replica(LocalKeyset.parse(line(2)));
    assertThatThrownBy(() -> wrong.open("acme", "c1")).satisfies(VaultContract::isUnreadable);
    assertThatThrownBy(() -> wrong.forget("acme", "c1")).satisfies(VaultContract::isUnreadable);
    assertThatThrownBy(() -> wrong.rotateTenantKey("acme")).satisfies(VaultContract::isUnreadable);
    assertThat(wrong.counts().failed(VaultException.Reason.UNREADABLE)).isEqualTo(3);
    assertThat(vault.open("acme", "c1").surrogates()).containsExactly(MARIA);
  }

  @Test
  void masterKey_rotated_opensAllOnceTenantsAreWrappedAnew() throws Exception {
    vault.open("acme", "c1").keep(List.of(MARIA));
    LocalKeyset both = LocalKeyset.parse(line(2) + "\n" + line(1));
    LocalKeyset young = LocalKeyset.parse(line(2));
    assertThat(replica(both).open("acme", "c1").surrogates()).containsExactly(MARIA);
    assertThatThrownBy(() -> replica(young).open("acme", "c1"))
        .satisfies(VaultContract::isUnreadable);

    assertThat(replica(both).rewrapTenantKey("acme")).isTrue();
    assertThat(replica(both).rewrapTenantKey("nobody")).isFalse();
    assertThat(replica(young).open("acme", "c1").surrogates()).containsExactly(MARIA);
  }

  @Test
  void tenantKey_rotated_wrapsConversationsAnewWhenTheyAreOpened() throws Exception {
    vault.open("acme", "c1").keep(List.of(MARIA));
    vault.link("acme", "resp_1", "c1");
    byte[] before = stored("acme", "c1").root();
    OpenConversation atWork = vault.open("acme", "c1");

    assertThat(replica(master).rotateTenantKey("acme")).isTrue();
    assertThat(vault.open("acme", "c1").surrogates()).containsExactly(MARIA);
    assertThat(stored("acme", "c1").root()).isNotEqualTo(before);
    atWork.keep(List.of(CARD));
    assertThat(vault.open("acme", "c1").surrogates()).containsExactlyInAnyOrder(MARIA, CARD);
    assertThat(vault.linked("acme", "resp_1")).contains("c1");
    assertThat(vault.rotateTenantKey("nobody")).isFalse();
  }

  @Test
  void tenantKey_rotatedTwiceInTime_dropsTheOldestAndKeepsWhatWasUsed() throws Exception {
    Duration days = Duration.ofDays(61);
    Instant start = Instant.now();
    vault.open("acme", "used").keep(List.of(MARIA));
    vault.open("acme", "unused").keep(List.of(MARIA));
    at(start).rotateTenantKey("acme");
    assertThat(vault.open("acme", "used").surrogates()).containsExactly(MARIA);
    at(start.plus(days)).rotateTenantKey("acme");
    assertThat(vault.open("acme", "used").surrogates()).containsExactly(MARIA);
    assertThat(vault.find("acme", "unused")).isEmpty();
  }

  private Vault at(Instant now) {
    return new Vault(master, another(store, StoreLimits.STANDARD), StoreLimits.STANDARD, () -> now);
  }

  @Test
  void entry_withAnyByteChanged_isRefused() throws Exception {
    vault.open("acme", "c1").keep(List.of(MARIA));
    Stored look = stored("acme", "c1");
    String name = name("acme", "c1");
    Map.Entry<String, byte[]> entry = look.entries().entrySet().iterator().next();
    for (int i = 0; i < entry.getValue().length; i += 7) {
      byte[] altered = entry.getValue().clone();
      altered[i] ^= 1;
      store.add(name, look.root(), Map.of(entry.getKey(), altered));
      assertThatThrownBy(() -> vault.open("acme", "c1")).satisfies(VaultContract::isUnreadable);
    }
    store.add(name, look.root(), Map.of(entry.getKey(), new byte[0]));
    assertThatThrownBy(() -> vault.find("acme", "c1")).satisfies(VaultContract::isUnreadable);
    store.add(name, look.root(), Map.of(entry.getKey(), entry.getValue()));
    assertThat(vault.open("acme", "c1").surrogates()).containsExactly(MARIA);
  }

  @Test
  void entries_movedBetweenTenantsConversationsOrNames_areRefused() throws Exception {
    vault.open("acme", "c1").keep(List.of(MARIA));
    vault.open("acme", "c2");
    vault.open("globex", "c1");
    Stored from = stored("acme", "c1");

    for (String[] to : new String[][] {{"globex", "c1"}, {"acme", "c2"}}) {
      store.add(name(to[0], to[1]), stored(to[0], to[1]).root(), from.entries());
      assertThatThrownBy(() -> vault.open(to[0], to[1])).satisfies(VaultContract::isUnreadable);
    }
    Map<String, byte[]> renamed = new HashMap<>();
    from.entries().forEach((name, value) -> renamed.put("s:forged", value));
    store.add(name("acme", "c1"), from.root(), renamed);
    assertThatThrownBy(() -> vault.open("acme", "c1"))
        .as("an entry under another name")
        .satisfies(VaultContract::isUnreadable);
  }

  @Test
  void roots_swappedBetweenConversationsOrTenants_areRefused() throws Exception {
    vault.open("acme", "c1").keep(List.of(MARIA));
    vault.open("acme", "c2");
    byte[] root = stored("acme", "c1").root();
    store.replaceRoot(name("acme", "c2"), stored("acme", "c2").root(), root);
    assertThatThrownBy(() -> vault.open("acme", "c2")).satisfies(VaultContract::isUnreadable);

    vault.open("globex", "c1");
    store.replaceTenant("globex", record("globex"), record("acme"));
    assertThatThrownBy(() -> vault.open("globex", "c1")).satisfies(VaultContract::isUnreadable);
  }

  @Test
  void link_stored_leadsToItsConversationForItsTenantAlone() throws Exception {
    assertThat(vault.linked("acme", "resp_1")).isEqualTo(Optional.empty());
    vault.link("acme", "resp_1", "c1");
    assertThat(replica(master).linked("acme", "resp_1")).contains("c1");
    assertThat(vault.linked("acme", "resp_2")).isEmpty();
    assertThat(vault.linked("globex", "resp_1")).isEmpty();
    vault.unlink("globex", "resp_1");
    vault.unlink("acme", "resp_2");
    assertThat(vault.linked("acme", "resp_1")).contains("c1");
  }

  @Test
  void link_forgotten_leadsNowhere() throws Exception {
    vault.link("acme", "resp_1", "c1");
    vault.link("acme", "resp_2", "c1");
    vault.unlink("acme", "resp_1");
    assertThat(replica(master).linked("acme", "resp_1")).isEmpty();
    assertThat(vault.linked("acme", "resp_2")).contains("c1");
  }

  @Test
  void conversation_full_takesNoMore() throws Exception {
    OpenConversation conversation = vault.open("acme", "c1");
    KeptSurrogate large =
        kept(
            EntityType.ADDRESS, "a", "x".repeat(StoreLimits.STANDARD.conversationBytesMax()), true);
    assertThatThrownBy(() -> conversation.keep(List.of(large)))
        .isInstanceOfSatisfying(
            VaultException.class,
            e -> assertThat(e.reason()).isEqualTo(VaultException.Reason.FULL));
    conversation.keep(List.of(MARIA));
    assertThat(vault.open("acme", "c1").surrogates()).containsExactly(MARIA);
  }

  @Test
  void ids_thatAreNone_areRefused() {
    for (String id : new String[] {"", "a b", "{x}", "a\n", "a".repeat(129)}) {
      assertThatThrownBy(() -> vault.open("acme", id)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> vault.open(id, "c")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> vault.eraseTenant(id)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private byte[] record(String tenantId) throws VaultException {
    return requireNonNull(store.tenantRecord(tenantId));
  }

  private String name(String tenantId, String conversation) throws Exception {
    return TenantKeys.open(tenantId, record(tenantId), master).conversationName(conversation);
  }

  private Stored stored(String tenantId, String conversation) throws Exception {
    VaultStore.Look look = store.look(tenantId, name(tenantId, conversation));
    return new Stored(
        requireNonNull(look.tenantRecord()), requireNonNull(look.root()), look.entries());
  }

  private static void isUnreadable(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            VaultException.class,
            e -> assertThat(e.reason()).isEqualTo(VaultException.Reason.UNREADABLE));
  }

  private static void isGone(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            VaultException.class,
            e -> assertThat(e.reason()).isEqualTo(VaultException.Reason.GONE));
  }

  static String line(int seed) {
    byte[] key = new byte[32];
    key[0] = (byte) seed;
    return Base64.getEncoder().encodeToString(key);
  }
}
