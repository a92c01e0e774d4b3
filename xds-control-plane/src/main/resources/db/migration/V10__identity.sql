-- People, machines and what they did.
--
-- A third role, which may not bypass row-level security either:
--   mantle_identity  finds out who asks: it alone reads password hashes, sessions and tokens. It names no tenant of its
--                    own, reads who belongs to which, and changes nothing that belongs to a tenant.
-- mantle_app makes accounts (with the tenant they begin in, in one transaction) and never reads a hash.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mantle_identity') THEN
    BEGIN
      CREATE ROLE mantle_identity NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- another database of this server was migrated at the same time
    END;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mantle_identity' AND (rolsuper OR rolbypassrls)) THEN
    RAISE EXCEPTION 'role mantle_identity may bypass row-level security; Mantle does not run with it';
  END IF;
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    BEGIN
      EXECUTE format('GRANT mantle_identity TO %I', current_user);
    EXCEPTION WHEN insufficient_privilege THEN
      NULL;
    END;
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO mantle_identity', current_schema());
END $$;

-- A person, who may belong to several tenants.
CREATE TABLE account (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email         text NOT NULL UNIQUE CHECK (length(email) BETWEEN 3 AND 254 AND email = lower(email)),
  password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%' AND length(password_hash) <= 512),
  created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE platform_admin (
  account_id uuid PRIMARY KEY REFERENCES account ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE membership (
  tenant_id  text NOT NULL REFERENCES tenant ON DELETE CASCADE,
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  role       text NOT NULL CHECK (role IN ('owner', 'member', 'auditor')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, account_id)
);
CREATE INDEX membership_account ON membership (account_id);

-- What makes a member of whoever holds it and signs up, or proves to be, with this address. Used once.
CREATE TABLE invitation (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id  text NOT NULL REFERENCES tenant ON DELETE CASCADE,
  email      text NOT NULL CHECK (length(email) BETWEEN 3 AND 254 AND email = lower(email)),
  role       text NOT NULL CHECK (role IN ('owner', 'member', 'auditor')),
  sha256     bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  UNIQUE (tenant_id, email)
);

-- From a login to its end. A session's refresh tokens follow one another; one used twice ends the session.
CREATE TABLE session (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ended_at   timestamptz
);
CREATE INDEX session_account ON session (account_id);

CREATE TABLE refresh_token (
  sha256     bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
  session_id uuid NOT NULL REFERENCES session ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX refresh_token_session ON refresh_token (session_id);

-- By the hash of an address, whether there is such an account or not.
CREATE TABLE login_attempt (
  email_sha256 bytea PRIMARY KEY CHECK (octet_length(email_sha256) = 32),
  failures     integer NOT NULL CHECK (failures > 0),
  last_at      timestamptz NOT NULL,
  locked_until timestamptz NOT NULL
);
CREATE INDEX login_attempt_last ON login_attempt (last_at);

-- What signs access tokens, sealed by the master key. The newest signs, the others still verify.
CREATE TABLE token_key (
  id         uuid PRIMARY KEY,
  sealed     bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE machine_token (
  id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id    text NOT NULL REFERENCES tenant ON DELETE CASCADE,
  name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  role         text NOT NULL CHECK (role IN ('owner', 'member', 'auditor')),
  prefix       text NOT NULL CHECK (length(prefix) <= 20),
  sha256       bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz,                                               -- null: it does not
  last_used_at timestamptz,
  revoked_at   timestamptz
);
CREATE INDEX machine_token_tenant ON machine_token (tenant_id);

-- The answer to a POST, for whoever sends it again. The scope is a tenant's id, or '~' and who asked where the
-- request belongs to no tenant; it is compared as a tenant's id is, and no tenant's id has a '~'.
CREATE TABLE idempotency_key (
  tenant_id       text NOT NULL,
  actor           text NOT NULL,
  key             text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  request_sha256  bytea NOT NULL CHECK (octet_length(request_sha256) = 32), -- method, path and body
  answer_sealed   bytea,                                                    -- null only within its transaction
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, actor, key)
);
CREATE INDEX idempotency_key_created ON idempotency_key (tenant_id, created_at);

-- Who changed what; never a value. It outlives its tenant, so nothing is referenced. What belongs to no tenant stands
-- under '~platform'.
CREATE TABLE audit (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id text NOT NULL CHECK (length(tenant_id) <= 63),
  at        timestamptz NOT NULL DEFAULT now(),
  actor     text NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
  action    text NOT NULL CHECK (length(action) BETWEEN 1 AND 63),
  subject   text NOT NULL CHECK (length(subject) <= 200)
);
CREATE INDEX audit_tenant ON audit (tenant_id, id);

CREATE FUNCTION mantle_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
-- Grants say so too; this holds for the owner of the table as well.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION mantle_append_only();

-- Isolation.
DO $$
DECLARE
  of_table text;
BEGIN
  FOREACH of_table IN ARRAY ARRAY['account', 'platform_admin', 'membership', 'invitation', 'session', 'refresh_token',
      'login_attempt', 'token_key', 'machine_token', 'idempotency_key', 'audit'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of_table);
  END LOOP;

  -- A tenant's own.
  FOREACH of_table IN ARRAY ARRAY['membership', 'invitation', 'machine_token', 'idempotency_key'] LOOP
    EXECUTE format('CREATE POLICY of_tenant ON %I TO mantle_app USING (tenant_id = mantle_tenant_id())'
        ' WITH CHECK (tenant_id = mantle_tenant_id())', of_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO mantle_app', of_table);
  END LOOP;
  CREATE POLICY of_tenant ON audit TO mantle_app USING (tenant_id = mantle_tenant_id())
    WITH CHECK (tenant_id = mantle_tenant_id());
  GRANT SELECT, INSERT ON audit TO mantle_app;

  -- The accounts of a tenant's members: what the first policy shows of membership bounds what this shows of accounts.
  CREATE POLICY of_member ON account FOR SELECT TO mantle_app
    USING (EXISTS (SELECT FROM membership WHERE membership.account_id = account.id));
  CREATE POLICY made ON account FOR INSERT TO mantle_app WITH CHECK (true);
  GRANT SELECT (id, email, created_at), INSERT (id, email, password_hash) ON account TO mantle_app;

  -- Who asks.
  FOREACH of_table IN ARRAY ARRAY['account', 'platform_admin', 'session', 'refresh_token', 'login_attempt', 'token_key'] LOOP
    EXECUTE format('CREATE POLICY identity ON %I TO mantle_identity USING (true) WITH CHECK (true)', of_table);
  END LOOP;
  GRANT SELECT, INSERT, UPDATE (password_hash) ON account TO mantle_identity;
  GRANT SELECT, INSERT, DELETE ON platform_admin TO mantle_identity;
  GRANT SELECT, INSERT, UPDATE, DELETE ON session, refresh_token, login_attempt TO mantle_identity;
  GRANT SELECT, INSERT ON token_key TO mantle_identity;

  CREATE POLICY identity ON membership FOR SELECT TO mantle_identity USING (true);
  GRANT SELECT ON membership TO mantle_identity;
  CREATE POLICY identity ON invitation FOR SELECT TO mantle_identity USING (true);
  GRANT SELECT ON invitation TO mantle_identity;
  CREATE POLICY identity ON machine_token FOR SELECT TO mantle_identity USING (true);
  CREATE POLICY identity_use ON machine_token FOR UPDATE TO mantle_identity USING (true) WITH CHECK (true);
  GRANT SELECT, UPDATE (last_used_at) ON machine_token TO mantle_identity;
  CREATE POLICY identity ON tenant FOR SELECT TO mantle_identity USING (true);
  GRANT SELECT (id, name, plan, reserved, created_at) ON tenant TO mantle_identity;
  CREATE POLICY identity ON audit TO mantle_identity USING (false) WITH CHECK (tenant_id = '~platform');
  GRANT INSERT ON audit TO mantle_identity;
END $$;
