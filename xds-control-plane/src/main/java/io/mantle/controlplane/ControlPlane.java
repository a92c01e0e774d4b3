package io.mantle.controlplane;

import io.mantle.controlplane.Settings.InvalidSettings;
import io.mantle.controlplane.admin.AdminApi;
import io.mantle.controlplane.admin.AdminServer;
import io.mantle.controlplane.admin.Deletions;
import io.mantle.controlplane.admin.DemoTenant;
import io.mantle.controlplane.admin.EnvoyStatusResource;
import io.mantle.controlplane.budget.AlertDelivery;
import io.mantle.controlplane.budget.BudgetAlarm;
import io.mantle.controlplane.database.BudgetAlerts;
import io.mantle.controlplane.database.BudgetWatch;
import io.mantle.controlplane.database.BudgetWebhooks;
import io.mantle.controlplane.database.ChangeFeed;
import io.mantle.controlplane.database.Database;
import io.mantle.controlplane.database.DatabaseUrl;
import io.mantle.controlplane.database.EmbeddedDatabase;
import io.mantle.controlplane.database.KeyRotationWorker;
import io.mantle.controlplane.database.KeyRotations;
import io.mantle.controlplane.database.LeaderWork;
import io.mantle.controlplane.database.MasterKey;
import io.mantle.controlplane.database.PriceRepository;
import io.mantle.controlplane.database.PublishedRows;
import io.mantle.controlplane.database.RecordedExchanges;
import io.mantle.controlplane.database.RetiredTenantKeys;
import io.mantle.controlplane.database.SentHours;
import io.mantle.controlplane.database.ShippedPrices;
import io.mantle.controlplane.database.TenantRepository;
import io.mantle.controlplane.database.UsagePartitions;
import io.mantle.controlplane.database.UsageRepository;
import io.mantle.controlplane.database.VaultKeys;
import io.mantle.controlplane.probe.ProviderProbe;
import io.mantle.controlplane.probe.Webhook;
import io.mantle.controlplane.snapshot.SnapshotPublisher;
import io.mantle.controlplane.snapshot.Snapshots;
import io.mantle.controlplane.snapshot.TenantCheck;
import io.mantle.controlplane.xds.MutualTls;
import io.mantle.controlplane.xds.Peers;
import io.mantle.controlplane.xds.SidecarVaults;
import io.mantle.controlplane.xds.XdsServer;
import io.mantle.logging.LogRouting;
import io.mantle.vault.Vault;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane, put together. It serves once the database was read for the first time, and
 * from then on serves what it last read, also while the database is away.
 */
public final class ControlPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
  private static final Duration FIRST_READ_TIMEOUT = Duration.ofMinutes(10);

  private static final Duration MONTHS_PACE = Duration.ofHours(1);
  private static final Duration SENT_PACE = Duration.ofMinutes(5);
  private static final Duration EXPIRY_PACE = Duration.ofMinutes(1);
  private static final Duration ALERTS_PACE = Duration.ofSeconds(1);

  private final Deque<AutoCloseable> parts;
  private final AdminServer admin;
  private final Address xdsAddress;
  private final DatabaseUrl databaseUrl;

  private ControlPlane(
      Deque<AutoCloseable> parts, AdminServer admin, Address xdsAddress, DatabaseUrl databaseUrl) {
    this.parts = parts;
    this.admin = admin;
    this.xdsAddress = xdsAddress;
    this.databaseUrl = databaseUrl;
  }

  /**
   * Starts everything and waits until it serves.
   *
   * @throws IOException if a part cannot start; what had started is stopped again
   */
  public static ControlPlane start(Settings settings) throws IOException, InterruptedException {
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      return start(settings, parts);
    } catch (IOException | InterruptedException | RuntimeException e) {
      closeAll(parts);
      throw e;
    }
  }

  private static ControlPlane start(Settings settings, Deque<AutoCloseable> parts)
      throws IOException, InterruptedException {
    Optional<EmbeddedDatabase> embedded =
        settings.databaseUrl().isPresent()
            ? Optional.empty()
            : Optional.of(EmbeddedDatabase.in(settings.dataDirectory()));
    DatabaseUrl url = settings.databaseUrl().orElseGet(() -> embedded.orElseThrow().url());
    embedded.ifPresent(parts::push);
    Database database = Database.open(url);
    parts.push(database);
    // Postgres takes longest to start, so the rest starts beside it.
    FutureTask<Void> prepared =
        new FutureTask<>(
            () -> {
              if (embedded.isPresent()) {
                embedded.get().start();
              }
              database.migrate();
              return null;
            });
    Thread.ofPlatform().name("database-start").start(prepared);

    MasterKey masterKey = new MasterKey(database, settings.rootKey().open());
    TenantRepository tenants = new TenantRepository(database, masterKey);
    PublishedRows rows = new PublishedRows(database, masterKey, tenants);

    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    BudgetWatch budgets = new BudgetWatch(database, new BudgetAlarm(meters));
    UsageRepository usage = new UsageRepository(database, budgets);
    RecordedExchanges exchanges = new RecordedExchanges(database, masterKey);
    Snapshots snapshots = new Snapshots();
    SnapshotPublisher publisher = new SnapshotPublisher(rows, settings.gateway(), snapshots);
    ChangeFeed changes = new ChangeFeed(database, publisher);
    Peers envoys = new Peers("envoy", meters);
    Peers sidecars = new Peers("sidecar", meters);
    SidecarVaults vaults = new SidecarVaults();
    measure(meters, snapshots, publisher, changes);
    parts.push(measureJvm(meters));

    XdsServer xds =
        listen(
            settings.xdsListen(),
            settings.xdsTls(),
            new XdsServer.Services(
                snapshots, changes::age, usage, exchanges, vaults, envoys, sidecars, meters));
    parts.push(xds);
    Optional<Vault> vault =
        settings.vault().isPresent()
            ? Optional.of(settings.vault().get().open())
            : Optional.empty();
    vault.ifPresent(parts::push);
    KeyRotations rotations = new KeyRotations(database, masterKey, vault.map(VaultKeys::new));
    KeyRotationWorker rotationWorker = new KeyRotationWorker(rotations);
    AdminServer admin =
        AdminServer.start(
            settings.adminListen().host(),
            settings.adminListen().port(),
            settings.adminTls(),
            new AdminServer.Checks(
                database::isUp,
                vault.map(shared -> shared::answers),
                () -> snapshots.latest().isPresent()),
            new AdminApi(
                database,
                masterKey,
                tenants,
                rows,
                rotations,
                rotationWorker::wake,
                new TenantCheck(settings.gateway()),
                new ProviderProbe(settings.gateway().upstreamCaFile()),
                settings.adminToken(),
                settings.signIn(),
                settings.gateway().deepTier(),
                vault.isPresent() ? Deletions.in(vault.get()) : Deletions.in(vaults),
                budgets,
                exchanges),
            new EnvoyStatusResource(envoys, sidecars, publisher::failing),
            meters);
    parts.push(admin);

    await(prepared);
    UsagePartitions months =
        new UsagePartitions(database, settings.usageRetentionMonths(), Clock.systemUTC());
    RetiredTenantKeys retiredKeys = new RetiredTenantKeys(database);
    SentHours sent = new SentHours(database, rows::usedTenantIds);
    AlertDelivery alerts =
        new AlertDelivery(
            new BudgetAlerts(database),
            new BudgetWebhooks(database, masterKey),
            new Webhook(settings.gateway().upstreamCaFile()),
            meters);
    parts.push(
        new LeaderWork(database)
            .every(ALERTS_PACE, "alerts of budgets", alerts::run)
            .every(MONTHS_PACE, "months of usage", _ -> months.keep())
            .every(EXPIRY_PACE, "expiry of recorded exchanges", exchanges::expire)
            .every(MONTHS_PACE, "keys of expired exchanges", _ -> retiredKeys.destroyUnused())
            .every(SENT_PACE, "audit of what was sent", sent::run)
            .start());
    new PriceRepository(database).plant(ShippedPrices.read());
    DemoTenant demo = new DemoTenant(tenants);
    settings.seeds().forEach(demo::plant);
    rotationWorker.start();
    parts.push(rotationWorker);
    changes.start();
    parts.push(changes);
    if (!changes.awaitCaughtUp(FIRST_READ_TIMEOUT)) {
      throw new IOException("the database was not read within " + FIRST_READ_TIMEOUT);
    }
    Address xdsAddress =
        settings.xdsListen() instanceof Address.Tcp tcp
            ? new Address.Tcp(tcp.host(), xds.port())
            : settings.xdsListen();
    LOG.info("Serving xDS on {}, the admin API on port {}", xdsAddress, admin.port());
    return new ControlPlane(parts, admin, xdsAddress, url);
  }

  private static XdsServer listen(
      Address address, Optional<MutualTls> tls, XdsServer.Services services) throws IOException {
    return switch (address) {
      case Address.Unix unix -> XdsServer.onSocket(unix.path(), services);
      case Address.Tcp tcp -> XdsServer.onPort(tcp.host(), tcp.port(), tls, services);
    };
  }

  private static void measure(
      MeterRegistry meters, Snapshots snapshots, SnapshotPublisher publisher, ChangeFeed changes) {
    Gauge.builder(
            "mantle.tenants",
            () -> snapshots.latest().map(latest -> latest.scopes().byName().size()).orElse(0))
        .description("Tenants that are published")
        .register(meters);
    Gauge.builder("mantle.tenants.failing", () -> publisher.failing().size())
        .description("Tenants whose rows cannot be published as they are")
        .register(meters);
    FunctionCounter.builder(
            "mantle.snapshot.build.failures", publisher, SnapshotPublisher::failuresTotal)
        .description("How often a tenant's part could not be built")
        .register(meters);
    Gauge.builder("mantle.change.feed.connected", () -> changes.isConnected() ? 1 : 0)
        .description("Whether changes of the database are heard of")
        .register(meters);
  }

  /** Under the names that Micrometer gives them. */
  private static AutoCloseable measureJvm(MeterRegistry meters) {
    JvmGcMetrics collections = new JvmGcMetrics();
    List.<MeterBinder>of(
            collections,
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics())
        .forEach(part -> part.bindTo(meters));
    return collections;
  }

  private static void await(FutureTask<Void> prepared) throws IOException, InterruptedException {
    try {
      prepared.get();
    } catch (ExecutionException e) {
      throw new IOException("the database cannot be used", e.getCause());
    }
  }

  /** Where the admin API listens. */
  public int adminPort() {
    return admin.port();
  }

  /** Where Envoys and sidecars connect. */
  public Address xdsAddress() {
    return xdsAddress;
  }

  /** Which database is used. */
  public DatabaseUrl databaseUrl() {
    return databaseUrl;
  }

  /** Stops everything, in the reverse order of its start. Doing so again does nothing. */
  @Override
  public void close() {
    closeAll(parts);
  }

  private static void closeAll(Deque<AutoCloseable> parts) {
    synchronized (parts) {
      while (!parts.isEmpty()) {
        AutoCloseable part = parts.pop();
        try {
          part.close();
        } catch (Exception e) {
          LOG.warn("{} did not stop cleanly", part.getClass().getSimpleName(), e);
        }
      }
    }
  }

  /**
   * Runs until told to stop; prints {@code ready} once it serves. Exit codes: 2 for settings that
   * cannot be used, 1 for a start that failed.
   */
  public static void main(String[] arguments) throws InterruptedException {
    LogRouting.install();
    try {
      Settings settings = Settings.of(System.getenv());
      if (settings.endWithStdin()) {
        endWithStdin();
      }
      // Before anything starts: who ends it amid its start leaves no Postgres behind.
      Deque<AutoCloseable> parts = new ConcurrentLinkedDeque<>();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> closeAll(parts), "shutdown"));
      var _ = start(settings, parts);
      System.out.println("ready");
      new CountDownLatch(1).await();
    } catch (InvalidSettings e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (IOException | RuntimeException e) {
      LOG.error("The control plane cannot start", e);
      System.exit(1);
    }
  }

  /** A launcher that was killed cannot end us itself, but the pipe it held ends with it. */
  private static void endWithStdin() {
    Thread.ofPlatform()
        .daemon()
        .name("stdin")
        .start(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                LOG.warn("Standard input broke off", e);
              }
              System.exit(0);
            });
  }
}
