-- Keys, and which of them sealed what.
--
-- What is outside of the database (a keyset's file, a key in a key management service) wraps master keys; the newest of
-- them seals tenants' keys and what belongs to no tenant; a tenant's newest key seals what the tenant keeps. Where a
-- version is null the value was sealed before there was this, by the keyset itself. No key goes while something names it.
--
-- mantle_keys, which may not bypass row-level security either, alone reads master keys. It sees and rewrites what is
-- sealed, of all tenants, and sees nothing else of them.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mantle_keys') THEN
    BEGIN
      CREATE ROLE mantle_keys NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- another database of this server was migrated at the same time
    END;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mantle_keys' AND (rolsuper OR rolbypassrls)) THEN
    RAISE EXCEPTION 'role mantle_keys may bypass row-level security; Mantle does not run with it';
  END IF;
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    BEGIN
      EXECUTE format('GRANT mantle_keys TO %I', current_user);
    EXCEPTION WHEN insufficient_privilege THEN
      NULL;
    END;
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO mantle_keys', current_schema());
END $$;

CREATE TABLE master_key (
  version    integer PRIMARY KEY CHECK (version > 0),
  wrapped    bytea NOT NULL,
  wrapped_by text NOT NULL CHECK (length(wrapped_by) BETWEEN 1 AND 63),   -- names the key outside; not a secret
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE tenant_key (
  tenant_id      text NOT NULL REFERENCES tenant ON DELETE CASCADE,
  version        integer NOT NULL CHECK (version > 0),
  sealed         bytea NOT NULL,
  master_version integer NOT NULL REFERENCES master_key,
  created_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, version)
);
CREATE INDEX tenant_key_master ON tenant_key (master_version);

-- Deferred, so that a tenant and its keys can go in one statement.
ALTER TABLE tenant
  ADD COLUMN surrogate_key_version integer,
  ADD FOREIGN KEY (id, surrogate_key_version) REFERENCES tenant_key (tenant_id, version) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE provider
  ADD COLUMN credential_key_version integer,
  ADD FOREIGN KEY (tenant_id, credential_key_version) REFERENCES tenant_key (tenant_id, version)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE token_key ADD COLUMN master_version integer REFERENCES master_key;
ALTER TABLE idempotency_key ADD COLUMN master_version integer REFERENCES master_key;

-- What is or was done to seal everything anew. What is left to do follows from the versions above, so that whoever goes
-- on after a crash needs nothing else.
CREATE TABLE key_rotation (
  id          uuid PRIMARY KEY,
  kind        text NOT NULL CHECK (kind IN ('master', 'tenant')),
  tenant_id   text CHECK ((kind = 'tenant') = (tenant_id IS NOT NULL)),   -- it outlives its tenant: no reference
  state       text NOT NULL CHECK (state IN ('running', 'completed', 'incomplete')),
  version     integer NOT NULL,                                           -- what everything is to be sealed by
  total       bigint NOT NULL CHECK (total >= 0),
  done        bigint NOT NULL DEFAULT 0 CHECK (done >= 0),
  failed      bigint NOT NULL DEFAULT 0 CHECK (failed >= 0),              -- did not open; the log names them
  vault_after text NOT NULL DEFAULT '',                                   -- tenants up to here are done in the shared vault
  started_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
-- One at a time of the master key, and of each tenant's.
CREATE UNIQUE INDEX key_rotation_running ON key_rotation (kind, coalesce(tenant_id, '')) WHERE state = 'running';

-- Isolation.
DO $$
DECLARE
  of_table text;
BEGIN
  FOREACH of_table IN ARRAY ARRAY['master_key', 'tenant_key', 'key_rotation'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of_table);
  END LOOP;
  FOREACH of_table IN ARRAY ARRAY['master_key', 'tenant_key', 'key_rotation', 'tenant', 'provider', 'token_key',
      'idempotency_key'] LOOP
    EXECUTE format('CREATE POLICY keys ON %I TO mantle_keys USING (true) WITH CHECK (true)', of_table);
  END LOOP;
  GRANT SELECT, INSERT, DELETE ON master_key TO mantle_keys;
  GRANT SELECT, INSERT, UPDATE, DELETE ON tenant_key TO mantle_keys;
  GRANT SELECT, INSERT, UPDATE ON key_rotation TO mantle_keys;
  GRANT SELECT (id, surrogate_key_sealed, surrogate_key_version),
    UPDATE (surrogate_key_sealed, surrogate_key_version) ON tenant TO mantle_keys;
  GRANT SELECT (id, tenant_id, credential_sealed, credential_key_version),
    UPDATE (credential_sealed, credential_key_version) ON provider TO mantle_keys;
  GRANT SELECT, UPDATE (sealed, master_version) ON token_key TO mantle_keys;
  GRANT SELECT (tenant_id, actor, key, answer_sealed, master_version),
    UPDATE (answer_sealed, master_version) ON idempotency_key TO mantle_keys;

  CREATE POLICY of_tenant ON tenant_key TO mantle_app USING (tenant_id = mantle_tenant_id())
    WITH CHECK (tenant_id = mantle_tenant_id());
  GRANT SELECT, INSERT ON tenant_key TO mantle_app;
  CREATE POLICY published ON tenant_key FOR SELECT TO mantle_publisher USING (true);
  GRANT SELECT ON tenant_key TO mantle_publisher;
END $$;
