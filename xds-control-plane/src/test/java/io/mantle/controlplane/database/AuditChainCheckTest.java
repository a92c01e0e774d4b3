package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.controlplane.database.AuditChainCheck.Flaw;
import io.mantle.controlplane.database.AuditChainCheck.Result;
import io.mantle.controlplane.database.AuditLog.Entry;
import io.mantle.controlplane.database.AuditLog.Head;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class AuditChainCheckTest {
  private static final int ROWS = 9;
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.000600Z");

  @Test
  void hash_ofGivenRows_isWhatAnotherImplementationMakesOfThem() {
    Entry first = new Entry(1, AT, "account:7c9e", "key.create", "Zoë", "", "");
    String hash = "86fc65e98481d1728f2518c08be86f79df15888de3ad04f824a217f0a339a214";
    Entry second =
        new Entry(
            2,
            Instant.parse("2026-01-02T03:04:06Z"),
            "mantle",
            "exchange.sent",
            "p",
            "{\"requests\":1}",
            "");

    assertThat(AuditHash.of(AuditHash.OF_NOTHING, "acme", first)).isEqualTo(hash);
    assertThat(AuditHash.of(hash, "acme", second))
        .isEqualTo("453e6f81a2bd4a6bf04c2bde84a1c9ee23ca743b61bbb1944476426b71a08b10");
  }

  @Test
  void hash_ofFieldsWhoseLettersMoved_differs() {
    Entry one = new Entry(1, AT, "a", "bc", "", "", "");
    Entry other = new Entry(1, AT, "ab", "c", "", "", "");

    assertThat(AuditHash.of(AuditHash.OF_NOTHING, "t", one))
        .isNotEqualTo(AuditHash.of(AuditHash.OF_NOTHING, "t", other));
  }

  @Test
  void chain_thatIsIntact_isSaidToBe() {
    List<Entry> chain = chain(ROWS);

    Result result = check("acme", chain, Optional.of(headOf(chain, 4)));

    assertThat(result)
        .isEqualTo(new Result(ROWS, Optional.of(headOf(chain, ROWS)), Optional.empty()));
    assertThat(check("acme", List.of(), Optional.empty()))
        .isEqualTo(new Result(0, Optional.empty(), Optional.empty()));
  }

  @TestFactory
  Stream<DynamicTest> field_thatIsChanged_isFoundAtItsRow() {
    Map<String, UnaryOperator<Entry>> changes =
        Map.of(
            "at",
                row ->
                    new Entry(
                        row.seq(),
                        row.at().plusNanos(1_000),
                        row.actor(),
                        row.action(),
                        row.subject(),
                        row.detail(),
                        row.hash()),
            "actor", row -> with(row, "x", row.action(), row.subject(), row.detail(), row.hash()),
            "action", row -> with(row, row.actor(), "x", row.subject(), row.detail(), row.hash()),
            "subject", row -> with(row, row.actor(), row.action(), "x", row.detail(), row.hash()),
            "detail", row -> with(row, row.actor(), row.action(), row.subject(), "x", row.hash()),
            "hash",
                row ->
                    with(
                        row,
                        row.actor(),
                        row.action(),
                        row.subject(),
                        row.detail(),
                        AuditHash.OF_NOTHING));
    return changes.entrySet().stream()
        .map(
            change ->
                DynamicTest.dynamicTest(
                    change.getKey(),
                    () -> {
                      for (int seq = 1; seq <= ROWS; seq++) {
                        List<Entry> chain = chain(ROWS);
                        chain.set(seq - 1, change.getValue().apply(chain.get(seq - 1)));
                        assertThat(brokenAt(chain)).hasValue((long) seq);
                      }
                    }));
  }

  @Test
  void chain_ofAnotherTenant_isBrokenFromTheBeginning() {
    assertThat(check("other", chain(ROWS), Optional.empty()).flaw().map(Flaw::seq)).hasValue(1L);
  }

  @Test
  void rowWhoseHashWasMadeAnew_isFoundAtTheNext() {
    List<Entry> chain = chain(ROWS);
    Entry forged = with(chain.get(3), "mallory", "a.b", "s", "", "");
    chain.set(
        3,
        with(forged, "mallory", "a.b", "s", "", AuditHash.of(chain.get(2).hash(), "acme", forged)));

    assertThat(brokenAt(chain)).hasValue(5L);
  }

  @Test
  void rowThatIsTakenOut_isFoundWhetherNumbersCloseUpOrNot() {
    for (int seq = 1; seq < ROWS; seq++) {
      List<Entry> chain = chain(ROWS);
      chain.remove(seq - 1);
      assertThat(brokenAt(chain)).hasValue((long) seq);
      assertThat(brokenAt(renumbered(chain))).hasValue((long) seq);
    }
  }

  @Test
  void rowThatIsPutIn_isFound() {
    for (int seq = 1; seq <= ROWS; seq++) {
      List<Entry> chain = chain(ROWS);
      chain.add(seq - 1, chain.get(0));
      assertThat(brokenAt(chain)).isPresent();
      // A copy of the first row before or behind itself: the second is not as it has to be.
      assertThat(brokenAt(renumbered(chain))).hasValue((long) Math.max(seq, 2));
    }
  }

  @Test
  void rowsThatChangedPlaces_areFound() {
    for (int seq = 1; seq < ROWS; seq++) {
      List<Entry> chain = chain(ROWS);
      Collections.swap(chain, seq - 1, seq);
      assertThat(brokenAt(chain)).isPresent();
      assertThat(brokenAt(renumbered(chain))).hasValue((long) seq);
    }
  }

  @Test
  void end_thatIsCutOff_isFoundByAnAnchorAlone() {
    List<Entry> chain = chain(ROWS);
    Optional<Head> anchor = Optional.of(headOf(chain, ROWS));
    List<Entry> cut = chain.subList(0, 6);

    assertThat(brokenAt(cut)).isEmpty();
    assertThat(check("acme", cut, anchor).flaw().map(Flaw::seq)).hasValue(7L);
    assertThat(check("acme", List.of(), anchor).flaw().map(Flaw::seq)).hasValue(1L);
  }

  @Test
  void chain_thatWasMadeAnew_isFoundByAnAnchorAlone() {
    List<Entry> chain = chain(ROWS);
    Optional<Head> anchor = Optional.of(headOf(chain, 5));
    List<Entry> anew = chainOf("mallory", ROWS);

    assertThat(brokenAt(anew)).isEmpty();
    assertThat(check("acme", anew, anchor).flaw().map(Flaw::seq)).hasValue(5L);
  }

  private static List<Entry> chain(int rows) {
    return chainOf("account:1", rows);
  }

  private static List<Entry> chainOf(String actor, int rows) {
    List<Entry> chain = new ArrayList<>();
    String previous = AuditHash.OF_NOTHING;
    for (int seq = 1; seq <= rows; seq++) {
      Entry row = new Entry(seq, AT.plusSeconds(seq), actor, "key.create", "key-" + seq, "{}", "");
      previous = AuditHash.of(previous, "acme", row);
      chain.add(with(row, actor, row.action(), row.subject(), row.detail(), previous));
    }
    return chain;
  }

  private static Entry with(
      Entry row, String actor, String action, String subject, String detail, String hash) {
    return new Entry(row.seq(), row.at(), actor, action, subject, detail, hash);
  }

  private static List<Entry> renumbered(List<Entry> rows) {
    List<Entry> renumbered = new ArrayList<>();
    for (Entry row : rows) {
      renumbered.add(
          new Entry(
              renumbered.size() + 1L,
              row.at(),
              row.actor(),
              row.action(),
              row.subject(),
              row.detail(),
              row.hash()));
    }
    return renumbered;
  }

  private static Head headOf(List<Entry> chain, int seq) {
    return new Head(seq, chain.get(seq - 1).hash());
  }

  private static Optional<Long> brokenAt(List<Entry> chain) {
    return check("acme", chain, Optional.empty()).flaw().map(Flaw::seq);
  }

  private static Result check(String tenant, List<Entry> chain, Optional<Head> anchor) {
    AuditChainCheck check = new AuditChainCheck(tenant, anchor);
    chain.reversed().forEach(check::next);
    return check.end();
  }
}
