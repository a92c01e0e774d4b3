-- From which web pages a tenant lets browsers call the admin API, and the end of token keys that have served their time.

ALTER TABLE tenant ADD COLUMN cors_origins text[] NOT NULL DEFAULT '{}'
  CHECK (cardinality(cors_origins) <= 20 AND array_position(cors_origins, NULL) IS NULL);
CREATE INDEX tenant_cors_origins ON tenant USING gin (cors_origins) WHERE cors_origins <> '{}';
-- A preflight comes before anybody is known.
GRANT SELECT (cors_origins) ON tenant TO mantle_identity;

GRANT DELETE ON token_key TO mantle_identity;
