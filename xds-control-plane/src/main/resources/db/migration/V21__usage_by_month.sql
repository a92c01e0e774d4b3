-- Usage by month, so that what is older than the retention goes by dropping a table. The rows that there are move.
--
-- Partitions are made ahead, and dropped, by the control plane; usage_rest takes what no month is there for. Tenants see
-- rows through usage alone, whose row security holds: nobody but the owner may do anything with a partition itself.
ALTER TABLE usage RENAME TO usage_before;
ALTER TABLE usage_before NO FORCE ROW LEVEL SECURITY; -- else its owner, who moves the rows, sees none
ALTER INDEX usage_tenant_started RENAME TO usage_before_tenant_started;

CREATE TABLE usage (
  id                uuid NOT NULL,                                        -- made by the sidecar: stored once
  tenant_id         text NOT NULL,
  key_id            text NOT NULL,
  provider_id       text,                                                 -- null: refused before one was chosen
  model             text NOT NULL CHECK (length(model) <= 256),
  endpoint          text NOT NULL CHECK (length(endpoint) <= 128),
  started_at        timestamptz NOT NULL,
  duration_millis   bigint NOT NULL CHECK (duration_millis >= 0),
  first_byte_millis bigint CHECK (first_byte_millis >= 0),
  streamed          boolean NOT NULL,
  status            integer NOT NULL CHECK (status BETWEEN 0 AND 999),    -- 0: the client left before one was sent
  outcome           text NOT NULL CHECK (outcome IN ('COMPLETED', 'REFUSED', 'PROVIDER_ERROR', 'CANCELLED', 'BROKEN')),
  prompt_tokens     bigint CHECK (prompt_tokens >= 0),
  completion_tokens bigint CHECK (completion_tokens >= 0),
  cached_tokens     bigint CHECK (cached_tokens >= 0),                    -- of the prompt's
  reasoning_tokens  bigint CHECK (reasoning_tokens >= 0),                 -- of the completion's
  tokens_estimated  boolean NOT NULL DEFAULT false,                       -- the provider did not say
  request_bytes     bigint NOT NULL DEFAULT 0 CHECK (request_bytes >= 0), -- of the body, as the client sent it
  response_bytes    bigint NOT NULL DEFAULT 0 CHECK (response_bytes >= 0), -- of the body, as the client got it
  attempts          integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),     -- 0: nothing was sent
  entities          jsonb NOT NULL DEFAULT '{}',
  detect_only       boolean NOT NULL DEFAULT false,                       -- the entities were counted and left as they were
  policy_version    text NOT NULL,
  node_id           text NOT NULL,
  stored_at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX usage_tenant_started ON usage (tenant_id, started_at);

CREATE TABLE usage_rest PARTITION OF usage DEFAULT;
ALTER TABLE usage_rest ENABLE ROW LEVEL SECURITY;

-- Makes a month's partition, where there is none, and moves what was put elsewhere for want of it.
CREATE FUNCTION mantle_add_usage_month(month_start date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  month_table text := 'usage_' || to_char(month_start, 'YYYY_MM');
  from_time timestamptz := month_start::timestamp AT TIME ZONE 'UTC';
  to_time timestamptz := (month_start + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
  IF to_regclass(month_table) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE usage INCLUDING ALL)', month_table);
  EXECUTE format('WITH moved AS (DELETE FROM usage_rest WHERE started_at >= %L AND started_at < %L RETURNING *)'
      ' INSERT INTO %I SELECT * FROM moved', from_time, to_time, month_table);
  EXECUTE format('ALTER TABLE usage ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', month_table, from_time, to_time);
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', month_table);
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION mantle_add_usage_month(date) FROM PUBLIC;

DO $$
DECLARE
  month_start date;
BEGIN
  -- Months of rows that no clock was wrong for; all else goes to the rest.
  FOR month_start IN
      SELECT DISTINCT date_trunc('month', started_at AT TIME ZONE 'UTC')::date FROM usage_before
        WHERE started_at BETWEEN now() - interval '5 years' AND now() + interval '2 months'
      UNION SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') + n * interval '1 month')::date FROM generate_series(0, 2) n LOOP
    PERFORM mantle_add_usage_month(month_start);
  END LOOP;
END $$;

INSERT INTO usage (id, tenant_id, key_id, provider_id, model, endpoint, started_at, duration_millis, first_byte_millis,
    streamed, status, outcome, prompt_tokens, completion_tokens, attempts, entities, detect_only, policy_version, node_id, stored_at)
  SELECT id, tenant_id, key_id, provider_id, model, endpoint, started_at, duration_millis, first_byte_millis,
    streamed, status, outcome, prompt_tokens, completion_tokens, CASE WHEN provider_id IS NULL THEN 0 ELSE 1 END, entities,
    detect_only, policy_version, node_id, stored_at
  FROM usage_before;
DROP TABLE usage_before;

ALTER TABLE usage ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON usage USING (tenant_id = mantle_tenant_id()) WITH CHECK (tenant_id = mantle_tenant_id());
GRANT SELECT, INSERT ON usage TO mantle_app;
