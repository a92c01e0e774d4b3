package io.mantle.controlplane.admin;

import io.javalin.config.RoutesConfig;
import io.mantle.controlplane.database.AccountRepository;
import io.mantle.controlplane.database.AuditLog;
import io.mantle.controlplane.database.BillingRepository;
import io.mantle.controlplane.database.BudgetAlerts;
import io.mantle.controlplane.database.BudgetRepository;
import io.mantle.controlplane.database.BudgetWatch;
import io.mantle.controlplane.database.BudgetWebhooks;
import io.mantle.controlplane.database.Database;
import io.mantle.controlplane.database.IdempotencyKeys;
import io.mantle.controlplane.database.KeyRepository;
import io.mantle.controlplane.database.KeyRotations;
import io.mantle.controlplane.database.LimitRepository;
import io.mantle.controlplane.database.MachineTokenRepository;
import io.mantle.controlplane.database.MasterKey;
import io.mantle.controlplane.database.MemberRepository;
import io.mantle.controlplane.database.PriceRepository;
import io.mantle.controlplane.database.ProviderRepository;
import io.mantle.controlplane.database.PublishedRows;
import io.mantle.controlplane.database.RecordedExchanges;
import io.mantle.controlplane.database.RouteRepository;
import io.mantle.controlplane.database.TenantRepository;
import io.mantle.controlplane.database.TokenKeys;
import io.mantle.controlplane.database.Transactions;
import io.mantle.controlplane.database.UsageReport;
import io.mantle.controlplane.identity.AccessTokens;
import io.mantle.controlplane.identity.Callers;
import io.mantle.controlplane.identity.SignIn;
import io.mantle.controlplane.preview.PolicyPreview;
import io.mantle.controlplane.probe.ProviderProbe;
import io.mantle.controlplane.snapshot.TenantCheck;
import java.time.Clock;
import java.util.Optional;

/** The resources of tenants and people, put together, and the {@link Gate} before all of them. */
public final class AdminApi {
  private final Cors cors;
  private final Gate gate;
  private final AuthResource auth;
  private final TenantResource tenants;
  private final MemberResource members;
  private final TokenResource tokens;
  private final KeyResource keys;
  private final ProviderResource providers;
  private final RouteResource routes;
  private final LimitResource limits;
  private final BudgetResource budgets;
  private final BudgetWebhookResource budgetWebhooks;
  private final PlanResource plans;
  private final PriceResource prices;
  private final BillingResource billing;
  private final UsageResource usage;
  private final AuditResource audit;
  private final PreviewResource preview;
  private final KeyRotationResource keyRotations;
  private final PrivacyResource privacy;
  private final ConversationResource conversations;
  private final ExchangeResource exchanges;
  private final PlatformResource platform;

  /**
   * Works on a database.
   *
   * @param rotations of keys, which {@code rotationBegun} has carried on
   * @param probe by which providers are tried
   * @param adminToken of the whole deployment; empty for none
   * @param check by which every write is judged
   * @param deepTier whether every sidecar has a model for the deep tier
   * @param deletions from where the sidecars keep conversations
   * @param budgetWatch told of budgets that change
   * @param exchanges what providers were sent
   */
  public AdminApi(
      Database database,
      MasterKey masterKey,
      TenantRepository tenantRepository,
      PublishedRows rows,
      KeyRotations rotations,
      Runnable rotationBegun,
      TenantCheck check,
      ProviderProbe probe,
      Optional<String> adminToken,
      SignIn.Policy signIn,
      boolean deepTier,
      Deletions deletions,
      BudgetWatch budgetWatch,
      RecordedExchanges exchanges) {
    AccountRepository accounts = new AccountRepository(database);
    AuditLog auditLog = new AuditLog(database);
    MemberRepository memberRepository = new MemberRepository(database);
    AccessTokens accessTokens =
        new AccessTokens(new TokenKeys(database, masterKey), Clock.systemUTC());
    Transactions transactions = new Transactions(database);
    Writes writes =
        new Writes(
            transactions,
            tenantRepository,
            rows,
            check,
            new IdempotencyKeys(database, masterKey),
            auditLog);
    this.cors = new Cors(accounts);
    this.gate =
        new Gate(new Callers(adminToken, accounts, accessTokens), tenantRepository, auditLog);
    this.auth =
        new AuthResource(
            new SignIn(
                signIn,
                database,
                tenantRepository,
                memberRepository,
                accounts,
                auditLog,
                accessTokens));
    this.tenants = new TenantResource(tenantRepository, accounts, writes);
    this.members = new MemberResource(memberRepository, writes);
    this.tokens = new TokenResource(new MachineTokenRepository(database), writes);
    KeyRepository keyRepository = new KeyRepository(database);
    this.keys = new KeyResource(keyRepository, writes);
    this.providers =
        new ProviderResource(new ProviderRepository(database, masterKey), probe, writes);
    this.routes = new RouteResource(new RouteRepository(database), writes);
    LimitRepository limitRepository = new LimitRepository(database);
    this.limits = new LimitResource(limitRepository, keyRepository, writes);
    BillingRepository billingRepository = new BillingRepository(database);
    this.plans = new PlanResource(limitRepository, billingRepository, auditLog);
    this.prices = new PriceResource(new PriceRepository(database), transactions, auditLog, writes);
    this.billing = new BillingResource(billingRepository, tenantRepository, Clock.systemUTC());
    this.budgets =
        new BudgetResource(
            new BudgetRepository(database),
            limitRepository,
            new BudgetAlerts(database),
            budgetWatch,
            keyRepository,
            writes);
    this.budgetWebhooks =
        new BudgetWebhookResource(new BudgetWebhooks(database, masterKey), writes);
    this.usage = new UsageResource(new UsageReport(database), Clock.systemUTC());
    this.audit = new AuditResource(auditLog);
    this.keyRotations = new KeyRotationResource(rotations, rotationBegun, auditLog, writes);
    this.preview = new PreviewResource(gate, tenantRepository, new PolicyPreview());
    this.privacy = new PrivacyResource(tenantRepository, writes, deepTier);
    this.conversations = new ConversationResource(deletions, tenantRepository, auditLog, writes);
    this.exchanges = new ExchangeResource(exchanges, auditLog);
    this.platform = new PlatformResource(accounts, accessTokens, transactions, auditLog, writes);
  }

  void serve(RoutesConfig config) {
    config.before(Operation.PREFIX + "/*", cors::judge);
    config.before(Operation.PREFIX + "/*", gate::judge);
    auth.serve(config);
    tenants.serve(config);
    members.serve(config);
    tokens.serve(config);
    keys.serve(config);
    providers.serve(config);
    routes.serve(config);
    limits.serve(config);
    budgets.serve(config);
    budgetWebhooks.serve(config);
    plans.serve(config);
    prices.serve(config);
    billing.serve(config);
    usage.serve(config);
    audit.serve(config);
    preview.serve(config);
    keyRotations.serve(config);
    privacy.serve(config);
    conversations.serve(config);
    exchanges.serve(config);
    platform.serve(config);
  }
}
