-- How much a tenant may ask for: what its plan gives, and what differs from that for the tenant and for each of its keys.
-- -1 is no limit; null, where a column may be null, is what the plan says (a tenant) or no limit of its own (a key).
-- Money is in US cents.
CREATE TABLE plan_limit (
  plan                 text PRIMARY KEY CHECK (plan IN ('free', 'pro', 'enterprise')),
  requests_per_second  bigint NOT NULL DEFAULT -1,
  requests_per_minute  bigint NOT NULL DEFAULT -1,
  tokens_per_minute    bigint NOT NULL DEFAULT -1,
  tokens_per_day       bigint NOT NULL DEFAULT -1,
  concurrent_streams   bigint NOT NULL DEFAULT -1,
  monthly_budget_cents bigint NOT NULL DEFAULT -1
);
INSERT INTO plan_limit VALUES
  ('free', 50, 600, 200000, 2000000, 20, -1),
  ('pro', 500, 6000, 5000000, 200000000, 200, -1),
  ('enterprise', -1, -1, -1, -1, -1, -1);

CREATE TABLE tenant_limit (
  tenant_id            text PRIMARY KEY REFERENCES tenant ON DELETE CASCADE,
  requests_per_second  bigint,
  requests_per_minute  bigint,
  tokens_per_minute    bigint,
  tokens_per_day       bigint,
  concurrent_streams   bigint,
  monthly_budget_cents bigint
);

-- A key of the same tenant: what is checked of a reference is not under row-level security.
ALTER TABLE proxy_key ADD CONSTRAINT proxy_key_of_tenant UNIQUE (tenant_id, id);
CREATE TABLE key_limit (
  tenant_id            text NOT NULL,
  key_id               uuid NOT NULL,
  requests_per_second  bigint,
  requests_per_minute  bigint,
  tokens_per_minute    bigint,
  tokens_per_day       bigint,
  concurrent_streams   bigint,
  monthly_budget_cents bigint,
  PRIMARY KEY (tenant_id, key_id), -- not the key alone: that would tell which keys others have
  FOREIGN KEY (tenant_id, key_id) REFERENCES proxy_key (tenant_id, id) ON DELETE CASCADE
);

DO $$
DECLARE
  of_table text;
  of_column text;
BEGIN
  FOREACH of_table IN ARRAY ARRAY['plan_limit', 'tenant_limit', 'key_limit'] LOOP
    FOREACH of_column IN ARRAY ARRAY['requests_per_second', 'requests_per_minute', 'tokens_per_minute', 'tokens_per_day',
        'concurrent_streams', 'monthly_budget_cents'] LOOP
      EXECUTE format('ALTER TABLE %I ADD CHECK (%I = -1 OR %I BETWEEN 1 AND 1000000000000)', of_table, of_column, of_column);
    END LOOP;
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of_table);
    EXECUTE format('CREATE POLICY published ON %I FOR SELECT TO mantle_publisher USING (true)', of_table);
    EXECUTE format('GRANT SELECT ON %I TO mantle_publisher', of_table);
    EXECUTE format('CREATE TRIGGER notify_all AFTER TRUNCATE ON %I'
        ' FOR EACH STATEMENT EXECUTE FUNCTION mantle_notify_all()', of_table);
  END LOOP;
  FOREACH of_table IN ARRAY ARRAY['tenant_limit', 'key_limit'] LOOP
    EXECUTE format('CREATE POLICY of_tenant ON %I USING (tenant_id = mantle_tenant_id())'
        ' WITH CHECK (tenant_id = mantle_tenant_id())', of_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO mantle_app', of_table);
    EXECUTE format('CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE ON %I'
        ' FOR EACH ROW EXECUTE FUNCTION mantle_notify_change()', of_table);
  END LOOP;

  -- What plans include is no secret; who works for the platform alone changes it.
  CREATE POLICY plans ON plan_limit FOR SELECT TO mantle_app, mantle_identity USING (true);
  CREATE POLICY plans_changed ON plan_limit FOR UPDATE TO mantle_identity USING (true) WITH CHECK (true);
  GRANT SELECT ON plan_limit TO mantle_app;
  GRANT SELECT, UPDATE ON plan_limit TO mantle_identity;
  CREATE TRIGGER notify_plan AFTER INSERT OR UPDATE OR DELETE ON plan_limit
    FOR EACH STATEMENT EXECUTE FUNCTION mantle_notify_all();
END $$;
