-- What exchanges cost: prices with dates, the cost on each row, sums of each day that outlive the rows, and what plans cost.
--
-- Money is in whole billionths of a US dollar (nano_usd). A price is of a million tokens, so of one token it may be less.

-- The platform's prices. A day has the latest price from before its end.
CREATE TABLE model_price (
  provider_kind         text NOT NULL CHECK (provider_kind ~ '^([a-z]{1,20}|\*)$'),            -- *: of any
  model_pattern         text NOT NULL CHECK (length(model_pattern) BETWEEN 1 AND 256),        -- a name, or its beginning and *
  valid_from            date NOT NULL,                                                        -- in UTC
  input_nano_usd        bigint NOT NULL CHECK (input_nano_usd BETWEEN 0 AND 10000000000000),
  cached_input_nano_usd bigint CHECK (cached_input_nano_usd BETWEEN 0 AND 10000000000000),    -- null: as any other input
  output_nano_usd       bigint NOT NULL CHECK (output_nano_usd BETWEEN 0 AND 10000000000000), -- of reasoning as well
  source                text NOT NULL DEFAULT '' CHECK (length(source) <= 500),               -- who says so
  shipped               boolean NOT NULL DEFAULT false,                                       -- with Mantle, and not changed since
  PRIMARY KEY (provider_kind, model_pattern, valid_from)
);

-- What a tenant pays instead.
CREATE TABLE tenant_model_price (
  id                    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id             text NOT NULL REFERENCES tenant ON DELETE CASCADE,
  provider_kind         text NOT NULL CHECK (provider_kind ~ '^([a-z]{1,20}|\*)$'),
  model_pattern         text NOT NULL CHECK (length(model_pattern) BETWEEN 1 AND 256),
  valid_from            date NOT NULL,
  input_nano_usd        bigint NOT NULL CHECK (input_nano_usd BETWEEN 0 AND 10000000000000),
  cached_input_nano_usd bigint CHECK (cached_input_nano_usd BETWEEN 0 AND 10000000000000),
  output_nano_usd       bigint NOT NULL CHECK (output_nano_usd BETWEEN 0 AND 10000000000000),
  UNIQUE (tenant_id, provider_kind, model_pattern, valid_from)
);

ALTER TABLE usage
  ADD COLUMN cost_nano_usd bigint CHECK (cost_nano_usd >= 0),                     -- null: no price is known
  ADD COLUMN price_source  text CHECK (price_source IN ('platform', 'tenant'));   -- null: none was needed, or known

-- What the exchanges of a day (in UTC) came to. It outlives the rows and the tenant. provider_id is '' where none was chosen.
CREATE TABLE usage_day (
  tenant_id          text NOT NULL,
  day                date NOT NULL,
  key_id             text NOT NULL,
  provider_id        text NOT NULL,
  model              text NOT NULL,
  requests           bigint NOT NULL,
  errors             bigint NOT NULL,  -- a status of 400 or more, or an answer that did not end as far as is known
  refused            bigint NOT NULL,
  cancelled          bigint NOT NULL,
  estimated_requests bigint NOT NULL,  -- whose tokens the provider did not tell
  unpriced_requests  bigint NOT NULL,  -- that were sent, and whose cost is not known
  prompt_tokens      bigint NOT NULL,
  completion_tokens  bigint NOT NULL,
  cached_tokens      bigint NOT NULL,
  reasoning_tokens   bigint NOT NULL,
  estimated_tokens   bigint NOT NULL,  -- of prompts and completions
  request_bytes      bigint NOT NULL,
  response_bytes     bigint NOT NULL,
  cost_nano_usd      numeric(38) NOT NULL, -- of those whose cost is known; whatever providers say of tokens, it has room
  entities           jsonb NOT NULL,
  PRIMARY KEY (tenant_id, day, key_id, provider_id, model)
) WITH (fillfactor = 70); -- today's change with each batch

-- What each row adds to its day; for times that are not whole days. mantle_add_usage_day() says the same.
CREATE VIEW usage_of_day WITH (security_invoker = true) AS
  SELECT tenant_id,
    (started_at AT TIME ZONE 'UTC')::date AS day,
    key_id,
    coalesce(provider_id, '') AS provider_id,
    model,
    1::bigint AS requests,
    (status >= 400 OR outcome IN ('PROVIDER_ERROR', 'BROKEN', 'UNKNOWN'))::int::bigint AS errors,
    (outcome = 'REFUSED')::int::bigint AS refused,
    (outcome = 'CANCELLED')::int::bigint AS cancelled,
    tokens_estimated::int::bigint AS estimated_requests,
    (attempts > 0 AND cost_nano_usd IS NULL)::int::bigint AS unpriced_requests,
    coalesce(prompt_tokens, 0) AS prompt_tokens,
    coalesce(completion_tokens, 0) AS completion_tokens,
    coalesce(cached_tokens, 0) AS cached_tokens,
    coalesce(reasoning_tokens, 0) AS reasoning_tokens,
    CASE WHEN tokens_estimated THEN coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0) ELSE 0 END AS estimated_tokens,
    request_bytes,
    response_bytes,
    coalesce(cost_nano_usd, 0)::numeric(38) AS cost_nano_usd,
    entities,
    started_at
  FROM usage;
GRANT SELECT ON usage_of_day TO mantle_app;

CREATE FUNCTION mantle_sum_entities(counts jsonb[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(jsonb_object_agg(type, found), '{}') FROM (
    SELECT e.key AS type, sum(e.value::bigint) AS found FROM unnest(counts) c, jsonb_each_text(c) e GROUP BY e.key) sums
$$;

-- The rows that there are; the owner sees none of them where row security is forced.
ALTER TABLE usage NO FORCE ROW LEVEL SECURITY;
INSERT INTO usage_day
  SELECT tenant_id, day, key_id, provider_id, model, sum(requests), sum(errors), sum(refused), sum(cancelled),
    sum(estimated_requests), sum(unpriced_requests), sum(prompt_tokens), sum(completion_tokens), sum(cached_tokens),
    sum(reasoning_tokens), sum(estimated_tokens), sum(request_bytes), sum(response_bytes), sum(cost_nano_usd),
    mantle_sum_entities(array_agg(entities))
  FROM usage_of_day GROUP BY 1, 2, 3, 4, 5;
ALTER TABLE usage FORCE ROW LEVEL SECURITY;

-- Whoever inserts rows, an older control plane as well, they are in their day's sum in the same transaction, each once: a row
-- that was there already is not in "added". Sums are changed in the order of their key, so that nobody deadlocks who inserts
-- the rows of one tenant after another's in one order. As the owner, so that no role changes a sum but by a row.
CREATE FUNCTION mantle_add_usage_day() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO usage_day AS stored
    SELECT tenant_id, (started_at AT TIME ZONE 'UTC')::date, key_id, coalesce(provider_id, ''), model, count(*),
      count(*) FILTER (WHERE status >= 400 OR outcome IN ('PROVIDER_ERROR', 'BROKEN', 'UNKNOWN')),
      count(*) FILTER (WHERE outcome = 'REFUSED'),
      count(*) FILTER (WHERE outcome = 'CANCELLED'),
      count(*) FILTER (WHERE tokens_estimated),
      count(*) FILTER (WHERE attempts > 0 AND cost_nano_usd IS NULL),
      coalesce(sum(prompt_tokens), 0),
      coalesce(sum(completion_tokens), 0),
      coalesce(sum(cached_tokens), 0),
      coalesce(sum(reasoning_tokens), 0),
      coalesce(sum(coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0)) FILTER (WHERE tokens_estimated), 0),
      sum(request_bytes),
      sum(response_bytes),
      coalesce(sum(cost_nano_usd), 0),
      mantle_sum_entities(array_agg(entities))
    FROM added GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (tenant_id, day, key_id, provider_id, model) DO UPDATE SET
    requests = stored.requests + excluded.requests,
    errors = stored.errors + excluded.errors,
    refused = stored.refused + excluded.refused,
    cancelled = stored.cancelled + excluded.cancelled,
    estimated_requests = stored.estimated_requests + excluded.estimated_requests,
    unpriced_requests = stored.unpriced_requests + excluded.unpriced_requests,
    prompt_tokens = stored.prompt_tokens + excluded.prompt_tokens,
    completion_tokens = stored.completion_tokens + excluded.completion_tokens,
    cached_tokens = stored.cached_tokens + excluded.cached_tokens,
    reasoning_tokens = stored.reasoning_tokens + excluded.reasoning_tokens,
    estimated_tokens = stored.estimated_tokens + excluded.estimated_tokens,
    request_bytes = stored.request_bytes + excluded.request_bytes,
    response_bytes = stored.response_bytes + excluded.response_bytes,
    cost_nano_usd = stored.cost_nano_usd + excluded.cost_nano_usd,
    entities = mantle_sum_entities(ARRAY[stored.entities, excluded.entities]);
  RETURN NULL;
END $$;
CREATE TRIGGER add_usage_day AFTER INSERT ON usage REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION mantle_add_usage_day();

-- What a plan costs in a month, and how many requests are in that. The figures are examples, for a platform admin to change.
CREATE TABLE plan_price (
  plan                          text PRIMARY KEY CHECK (plan IN ('free', 'pro', 'enterprise')),
  monthly_fee_cents             bigint NOT NULL CHECK (monthly_fee_cents BETWEEN 0 AND 10000000000),
  included_requests             bigint CHECK (included_requests BETWEEN 0 AND 1000000000000), -- null: all
  thousand_more_requests_cents  bigint NOT NULL CHECK (thousand_more_requests_cents BETWEEN 0 AND 10000000000)
);
INSERT INTO plan_price VALUES ('free', 0, 10000, 0), ('pro', 4900, 1000000, 5), ('enterprise', 49900, NULL, 0);

-- Isolation.
DO $$
DECLARE
  of_table text;
BEGIN
  FOREACH of_table IN ARRAY ARRAY['model_price', 'tenant_model_price', 'usage_day', 'plan_price'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of_table);
  END LOOP;
  FOREACH of_table IN ARRAY ARRAY['tenant_model_price', 'usage_day'] LOOP
    EXECUTE format('CREATE POLICY of_tenant ON %I USING (tenant_id = mantle_tenant_id())'
        ' WITH CHECK (tenant_id = mantle_tenant_id())', of_table);
  END LOOP;
  GRANT SELECT, INSERT, UPDATE, DELETE ON tenant_model_price TO mantle_app;
  GRANT SELECT ON usage_day TO mantle_app;
  -- Who logs in deletes what is older than five years (database.UsagePartitions).
  CREATE POLICY outlived ON usage_day TO CURRENT_USER USING (day < (now() AT TIME ZONE 'UTC')::date - 1826);

  -- Neither is secret; who works for the platform alone changes them.
  FOREACH of_table IN ARRAY ARRAY['model_price', 'plan_price'] LOOP
    EXECUTE format('CREATE POLICY known ON %I FOR SELECT TO mantle_app, mantle_identity USING (true)', of_table);
    EXECUTE format('CREATE POLICY changed ON %I FOR UPDATE TO mantle_identity USING (true) WITH CHECK (true)', of_table);
    EXECUTE format('GRANT SELECT ON %I TO mantle_app', of_table);
    EXECUTE format('GRANT SELECT, UPDATE ON %I TO mantle_identity', of_table);
  END LOOP;
  CREATE POLICY added ON model_price FOR INSERT TO mantle_identity WITH CHECK (true);
  GRANT INSERT ON model_price TO mantle_identity;
END $$;
