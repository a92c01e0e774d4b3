-- Tenants and what is published of them, under row-level security from the first migration on.
--
-- Two roles, neither of which may bypass it:
--   mantle_app        works for one tenant at a time: it sees the rows of the tenant named by the setting
--                     mantle.tenant_id of its transaction, and none where that is not set.
--   mantle_publisher  reads what is published of every tenant, by policies of its own; it writes nothing.
-- Row security is forced, so the owner of the tables obeys it too (a superuser never does).

DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['mantle_app', 'mantle_publisher'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', role_name);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- another database of this server was migrated at the same time
      END;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = role_name AND (rolsuper OR rolbypassrls)) THEN
      RAISE EXCEPTION 'role % may bypass row-level security; Mantle does not run with it', role_name;
    END IF;
    -- A superuser may SET ROLE without this. Where the roles were made by someone else, that someone grants them.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
      BEGIN
        EXECUTE format('GRANT %I TO %I', role_name, current_user);
      EXCEPTION WHEN insufficient_privilege THEN
        NULL;
      END;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), role_name);
  END LOOP;
END $$;

-- The tenant of this transaction; null, which equals nothing, where none is set.
CREATE FUNCTION mantle_tenant_id() RETURNS text
  LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('mantle.tenant_id', true), '') $$;

CREATE TABLE tenant (
  id                   text PRIMARY KEY CHECK (id ~ '^[a-z0-9-]{1,63}$'), -- also the key of its scope in Envoy
  name                 text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  plan                 text NOT NULL DEFAULT 'free' CHECK (plan IN ('free', 'pro', 'enterprise')),
  surrogate_key_sealed bytea,                                             -- null: the control plane makes one
  reserved             boolean NOT NULL DEFAULT false,                    -- Mantle's own, not a customer
  created_at           timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE proxy_key (
  id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id    text NOT NULL REFERENCES tenant ON DELETE CASCADE,
  name         text NOT NULL DEFAULT '' CHECK (length(name) <= 200),
  prefix       text NOT NULL DEFAULT '' CHECK (length(prefix) <= 20),     -- what a list may show of it
  sha256       bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),   -- of the whole key
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  revoked_at   timestamptz
);
CREATE INDEX proxy_key_tenant ON proxy_key (tenant_id);

CREATE TABLE provider (
  id                   uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id            text NOT NULL REFERENCES tenant ON DELETE CASCADE,
  name                 text NOT NULL CHECK (length(name) BETWEEN 1 AND 63),
  kind                 text NOT NULL DEFAULT 'openai' CHECK (kind IN ('openai')),
  base_url             text NOT NULL CHECK (length(base_url) BETWEEN 1 AND 2048),
  credential_sealed    bytea,                                             -- null: it is called without one
  models               text[] NOT NULL DEFAULT '{}',
  accepts_stream_usage boolean NOT NULL DEFAULT true,
  created_at           timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, name)
);

CREATE TABLE route (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id     text NOT NULL REFERENCES tenant ON DELETE CASCADE,
  position      integer NOT NULL DEFAULT 0,                               -- the first that matches is taken
  model_pattern text NOT NULL CHECK (length(model_pattern) BETWEEN 1 AND 256),
  provider_ids  uuid[] NOT NULL CHECK (cardinality(provider_ids) BETWEEN 1 AND 16), -- in order of preference
  UNIQUE (tenant_id, model_pattern)
);

-- What differs from the default policy: entity type to ALLOW, SUBSTITUTE or BLOCK. Types not named, and tenants
-- without a row, have the default.
CREATE TABLE privacy_policy (
  tenant_id text PRIMARY KEY REFERENCES tenant ON DELETE CASCADE,
  actions   jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(actions) = 'object')
);

-- One row per exchange. It outlives its tenant, so nothing is referenced; counts and names of types only.
CREATE TABLE usage (
  id                uuid PRIMARY KEY,                                     -- made by the sidecar: stored once
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
  entities          jsonb NOT NULL DEFAULT '{}',
  policy_version    text NOT NULL,
  node_id           text NOT NULL,
  stored_at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX usage_tenant_started ON usage (tenant_id, started_at);

-- Isolation.
DO $$
DECLARE
  published text;
BEGIN
  ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;
  ALTER TABLE tenant FORCE ROW LEVEL SECURITY;
  CREATE POLICY of_tenant ON tenant USING (id = mantle_tenant_id()) WITH CHECK (id = mantle_tenant_id());
  CREATE POLICY published ON tenant FOR SELECT TO mantle_publisher USING (true);
  GRANT SELECT, INSERT, UPDATE, DELETE ON tenant TO mantle_app;
  GRANT SELECT ON tenant TO mantle_publisher;

  FOREACH published IN ARRAY ARRAY['proxy_key', 'provider', 'route', 'privacy_policy'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', published);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', published);
    EXECUTE format('CREATE POLICY of_tenant ON %I USING (tenant_id = mantle_tenant_id())'
        ' WITH CHECK (tenant_id = mantle_tenant_id())', published);
    EXECUTE format('CREATE POLICY published ON %I FOR SELECT TO mantle_publisher USING (true)', published);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO mantle_app', published);
    EXECUTE format('GRANT SELECT ON %I TO mantle_publisher', published);
  END LOOP;

  ALTER TABLE usage ENABLE ROW LEVEL SECURITY;
  ALTER TABLE usage FORCE ROW LEVEL SECURITY;
  CREATE POLICY of_tenant ON usage USING (tenant_id = mantle_tenant_id()) WITH CHECK (tenant_id = mantle_tenant_id());
  GRANT SELECT, INSERT ON usage TO mantle_app;
END $$;

-- Every committed change of what is published names its tenant on the channel mantle_change; an empty name means all.
CREATE FUNCTION mantle_notify_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'tenant' THEN
    IF TG_OP <> 'INSERT' THEN PERFORM pg_notify('mantle_change', OLD.id); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM pg_notify('mantle_change', NEW.id); END IF;
  ELSE
    IF TG_OP <> 'INSERT' THEN PERFORM pg_notify('mantle_change', OLD.tenant_id); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM pg_notify('mantle_change', NEW.tenant_id); END IF;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION mantle_notify_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('mantle_change', '');
  RETURN NULL;
END $$;

DO $$
DECLARE
  published text;
BEGIN
  FOREACH published IN ARRAY ARRAY['tenant', 'provider', 'route', 'privacy_policy'] LOOP
    EXECUTE format('CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE ON %I'
        ' FOR EACH ROW EXECUTE FUNCTION mantle_notify_change()', published);
  END LOOP;
  -- last_used_at changes often and is not published.
  CREATE TRIGGER notify_change AFTER INSERT OR DELETE OR UPDATE OF id, tenant_id, sha256, revoked_at ON proxy_key
    FOR EACH ROW EXECUTE FUNCTION mantle_notify_change();
  FOREACH published IN ARRAY ARRAY['tenant', 'proxy_key', 'provider', 'route', 'privacy_policy'] LOOP
    EXECUTE format('CREATE TRIGGER notify_all AFTER TRUNCATE ON %I'
        ' FOR EACH STATEMENT EXECUTE FUNCTION mantle_notify_all()', published);
  END LOOP;
END $$;
