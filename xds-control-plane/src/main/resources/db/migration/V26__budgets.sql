-- What a tenant, or one of its keys, may spend in a month (in UTC); who is told once a part of it is spent, and whether all of
-- it keeps requests out. What was spent is in usage_day.
CREATE TABLE budget (
  tenant_id     text NOT NULL REFERENCES tenant ON DELETE CASCADE,
  key_id        uuid,                                            -- null: of all keys together
  limit_cents   bigint NOT NULL CHECK (limit_cents BETWEEN 1 AND 1000000000000),
  warn_percents integer[] NOT NULL
    CHECK (cardinality(warn_percents) <= 10 AND 1 <= ALL (warn_percents) AND 1000 >= ALL (warn_percents)),
  stops         boolean NOT NULL,
  UNIQUE NULLS NOT DISTINCT (tenant_id, key_id),
  FOREIGN KEY (tenant_id, key_id) REFERENCES proxy_key (tenant_id, id) ON DELETE CASCADE
);

-- Where a tenant is told.
CREATE TABLE budget_webhook (
  tenant_id          text PRIMARY KEY REFERENCES tenant ON DELETE CASCADE,
  url                text NOT NULL CHECK (length(url) BETWEEN 1 AND 2048),
  secret_sealed      bytea NOT NULL,
  secret_key_version integer NOT NULL,
  private_allowed    boolean NOT NULL DEFAULT false,              -- may lead to addresses that are not on the public Internet
  FOREIGN KEY (tenant_id, secret_key_version) REFERENCES tenant_key (tenant_id, version) DEFERRABLE INITIALLY DEFERRED
);

-- That a part of a budget is spent: once for each, whoever notices. Also what is still to be sent to the webhook.
CREATE TABLE budget_alert (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id       text NOT NULL REFERENCES tenant ON DELETE CASCADE,
  key_id          text NOT NULL,                                 -- '': of all keys together; it outlives its key
  month           date NOT NULL,                                 -- its first day
  limit_cents     bigint NOT NULL,                               -- another limit is another budget
  percent         integer NOT NULL,
  stops           boolean NOT NULL,                              -- requests are kept out from here on
  spent_nano_usd  numeric(38) NOT NULL,
  crossed_at      timestamptz NOT NULL DEFAULT now(),
  delivery        text NOT NULL CHECK (delivery IN ('none', 'pending', 'delivered', 'failed')),
  attempts        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  delivered_at    timestamptz,
  error           text NOT NULL DEFAULT '' CHECK (length(error) <= 200),
  UNIQUE (tenant_id, key_id, month, limit_cents, percent)
);
CREATE INDEX budget_alert_latest ON budget_alert (tenant_id, crossed_at, id);
CREATE INDEX budget_alert_due ON budget_alert (next_attempt_at) WHERE delivery = 'pending';

DO $$
DECLARE
  of_table text;
BEGIN
  FOREACH of_table IN ARRAY ARRAY['budget', 'budget_webhook', 'budget_alert'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of_table);
    EXECUTE format('CREATE POLICY of_tenant ON %I TO mantle_app USING (tenant_id = mantle_tenant_id())'
        ' WITH CHECK (tenant_id = mantle_tenant_id())', of_table);
  END LOOP;
  GRANT SELECT, INSERT, UPDATE, DELETE ON budget, budget_webhook TO mantle_app;
  GRANT SELECT, INSERT, DELETE, UPDATE (delivery, attempts, next_attempt_at, delivered_at, error) ON budget_alert TO mantle_app;

  -- Which budgets are spent is published, and whose alerts are due.
  FOREACH of_table IN ARRAY ARRAY['budget', 'budget_alert', 'usage_day'] LOOP
    EXECUTE format('CREATE POLICY published ON %I FOR SELECT TO mantle_publisher USING (true)', of_table);
  END LOOP;
  GRANT SELECT ON budget TO mantle_publisher;
  GRANT SELECT (tenant_id, delivery, next_attempt_at) ON budget_alert TO mantle_publisher;
  GRANT SELECT (tenant_id, day, key_id, cost_nano_usd) ON usage_day TO mantle_publisher;

  CREATE POLICY keys ON budget_webhook TO mantle_keys USING (true) WITH CHECK (true);
  GRANT SELECT (tenant_id, secret_sealed, secret_key_version), UPDATE (secret_sealed, secret_key_version)
    ON budget_webhook TO mantle_keys;
END $$;

CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE ON budget
  FOR EACH ROW EXECUTE FUNCTION mantle_notify_change();
-- What is spent changes what is published, each time once.
CREATE TRIGGER notify_change AFTER INSERT ON budget_alert
  FOR EACH ROW WHEN (NEW.percent >= 100) EXECUTE FUNCTION mantle_notify_change();
CREATE TRIGGER notify_all AFTER TRUNCATE ON budget FOR EACH STATEMENT EXECUTE FUNCTION mantle_notify_all();
