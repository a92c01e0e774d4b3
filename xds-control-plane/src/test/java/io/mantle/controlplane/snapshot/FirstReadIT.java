package io.mantle.controlplane.snapshot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.controlplane.Eventually;
import io.mantle.controlplane.TestPostgres;
import io.mantle.controlplane.database.ChangeFeed;
import io.mantle.controlplane.database.Database;
import io.mantle.controlplane.database.MasterKey;
import io.mantle.controlplane.database.PublishedRows;
import io.mantle.controlplane.database.TenantRead;
import io.mantle.controlplane.database.TenantRepository;
import io.mantle.vault.keys.LocalKeyset;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A control plane that starts on a database of more tenants than a page. */
final class FirstReadIT {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final int TENANTS_PER_PAGE = 100;
  private static final String FILL =
      """
      INSERT INTO tenant (id, name) SELECT 't-' || n, 'T' FROM generate_series(100, 349) n;
      INSERT INTO provider (tenant_id, name, base_url)
        SELECT id, 'p', 'https://' || id || '.example.com' FROM tenant WHERE id LIKE 't-%';
      INSERT INTO proxy_key (tenant_id, sha256) SELECT id, sha256(id::bytea) FROM tenant;
      UPDATE provider SET base_url = 'gopher://x' WHERE tenant_id = 't-120';
      INSERT INTO tenant_key (tenant_id, version, sealed, master_version) VALUES ('t-130', 1, 'x', 1);
      """;

  /** Of tenants that were read, one that is read next, and one that was not there. */
  private static final String MEANWHILE =
      """
      UPDATE proxy_key SET revoked_at = now() WHERE tenant_id = 't-100';
      DELETE FROM tenant WHERE id IN ('t-101', 't-349');
      INSERT INTO tenant (id, name) VALUES ('a-new-one', 'T');
      """;

  private TestPostgres postgres;
  private Database database;
  private PublishedRows rows;
  private final List<Integer> pages = new CopyOnWriteArrayList<>();

  @BeforeEach
  void fill(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.create();
    database = Database.open(postgres.url());
    database.migrate();
    MasterKey masterKey = new MasterKey(database, LocalKeyset.at(directory.resolve("keyset.json")));
    TenantRepository tenants = new TenantRepository(database, masterKey);
    tenants.saveTenant("first", "First", "free", false); // and with it the master key
    rows = new PublishedRows(database, masterKey, tenants);
    postgres.execute(FILL);
  }

  @AfterEach
  void stop() {
    database.close();
  }

  @Test
  void tenants_ofManyPages_someChangedMeanwhileAndSomeInvalid_areAsANewReaderFindsThem()
      throws Exception {
    Snapshots snapshots = new Snapshots();
    SnapshotPublisher publisher = publisher(snapshots, this::changedAmidTheRead);
    try (ChangeFeed feed = new ChangeFeed(database, publisher)) {
      feed.start();
      assertThat(feed.awaitCaughtUp(Duration.ofSeconds(30))).isTrue();
      Eventually.isTrue("the new one is there", SOON, () -> has(snapshots, "a-new-one"));
      Eventually.isTrue("the old one is gone", SOON, () -> !has(snapshots, "t-101"));
      Eventually.isTrue("the key is gone", SOON, () -> keys(snapshots, "t-100") == 0);
    }

    assertThat(pages).startsWith(100, 100, 51);
    assertThat(publisher.failing())
        .extracting(FailingTenant::tenantId)
        .containsExactly("t-120", "t-130");
    assertThat(rows.usedTenantIds()).isEmpty();
    Snapshot found = latest(snapshots);
    assertThat(found.policies().byName()).hasSize(1 + 250 - 2 + 1);
    assertThat(found.unknownTenants()).containsExactlyInAnyOrder("t-120", "t-130");
    Snapshots again = new Snapshots();
    publisher(again, rows::read).everythingChanged(0);
    assertThat(versions(found)).isEqualTo(versions(latest(again)));
  }

  private List<TenantRead> changedAmidTheRead(List<String> tenantIds) {
    if (pages.size() == 1) {
      try {
        postgres.execute(MEANWHILE);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    pages.add(tenantIds.size());
    return rows.read(tenantIds);
  }

  private SnapshotPublisher publisher(Snapshots snapshots, TenantPages.Reader reader) {
    return new SnapshotPublisher(
        rows, new TenantPages(reader, TENANTS_PER_PAGE), TestSettings.STANDARD, snapshots);
  }

  private static boolean has(Snapshots snapshots, String tenantId) {
    return latest(snapshots).policies().byName().containsKey(tenantId);
  }

  private static int keys(Snapshots snapshots, String tenantId) {
    return requireNonNull(latest(snapshots).policies().byName().get(tenantId))
        .message()
        .getKeysCount();
  }

  private static Snapshot latest(Snapshots snapshots) {
    return snapshots.latest().orElseThrow();
  }

  private static Set<String> versions(Snapshot snapshot) {
    return Set.of(
        "clusters " + snapshot.clusters().version(),
        "scopes " + snapshot.scopes().version(),
        "policies " + snapshot.policies().version());
  }
}
