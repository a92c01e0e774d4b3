-- What exchanges cost by the platform's prices, by which budgets are judged that the platform sets: a tenant's own prices are
-- its owner's to write, and would switch such a budget off.

ALTER TABLE usage ADD COLUMN platform_cost_nano_usd bigint CHECK (platform_cost_nano_usd >= 0); -- null: as cost_nano_usd
ALTER TABLE usage_day ADD COLUMN platform_cost_nano_usd numeric(38);                          -- null: as cost_nano_usd
GRANT SELECT (platform_cost_nano_usd) ON usage_day TO mantle_publisher;

-- As before, with that cost. An older control plane's rows have none, and count as they did.
CREATE OR REPLACE FUNCTION mantle_add_usage_day() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
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
      mantle_sum_entities(array_agg(entities)),
      coalesce(sum(coalesce(platform_cost_nano_usd, cost_nano_usd)), 0)
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
    entities = mantle_sum_entities(ARRAY[stored.entities, excluded.entities]),
    platform_cost_nano_usd = coalesce(stored.platform_cost_nano_usd, stored.cost_nano_usd) + excluded.platform_cost_nano_usd;
  RETURN NULL;
END $$;

-- Two budgets of one limit, of which one only warns, are one alert; the other, spent later by other prices, makes it a stop.
GRANT UPDATE (stops, spent_nano_usd, crossed_at) ON budget_alert TO mantle_app;
CREATE TRIGGER notify_stop AFTER UPDATE OF stops ON budget_alert
  FOR EACH ROW WHEN (NEW.percent >= 100) EXECUTE FUNCTION mantle_notify_change();
