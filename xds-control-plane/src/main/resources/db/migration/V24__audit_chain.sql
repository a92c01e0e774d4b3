-- The audit log as chains: one for each tenant, and one for '~platform'.
--
-- A row's hash is SHA-256 over the hash of the row before it and the row itself, so no row can be changed, taken out or put
-- in without every hash after it. A trigger numbers and hashes what is inserted, whoever inserts it; nobody chooses either.
-- How a row is encoded is for others to follow (docs/control-plane.md), and never changes: another encoding gets another mark.

CREATE FUNCTION mantle_audit_field(value text) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8')
$$;

CREATE FUNCTION mantle_audit_hash(previous bytea, tenant_id text, seq bigint, at timestamptz, actor text, action text,
    subject text, detail text) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(previous
      || mantle_audit_field('mantle-audit-1')
      || mantle_audit_field(tenant_id)
      || mantle_audit_field(seq::text)
      || mantle_audit_field(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
      || mantle_audit_field(actor)
      || mantle_audit_field(action)
      || mantle_audit_field(subject)
      || mantle_audit_field(detail))
$$;

-- To the end of the transaction, nobody else adds to this chain.
CREATE FUNCTION mantle_audit_lock(tenant_id text) RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(hashtextextended(tenant_id, 24))
$$;

ALTER TABLE audit
  ADD COLUMN seq    bigint CHECK (seq > 0),                                        -- in its chain, from 1, without gaps
  ADD COLUMN detail text NOT NULL DEFAULT '' CHECK (octet_length(detail) <= 65536), -- JSON, or empty
  ADD COLUMN hash   bytea CHECK (octet_length(hash) = 32);

-- The rows that there are, in the order in which they were written.
ALTER TABLE audit NO FORCE ROW LEVEL SECURITY; -- else its owner, who chains the rows, sees none
ALTER TABLE audit DISABLE TRIGGER append_only;
DO $$
DECLARE
  of_row audit%ROWTYPE;
  last_tenant text;
  last_seq bigint;
  last_hash bytea;
BEGIN
  FOR of_row IN SELECT * FROM audit ORDER BY tenant_id, id LOOP
    IF last_tenant IS DISTINCT FROM of_row.tenant_id THEN
      last_tenant := of_row.tenant_id;
      last_seq := 0;
      last_hash := decode(repeat('00', 32), 'hex');
    END IF;
    last_seq := last_seq + 1;
    last_hash := mantle_audit_hash(last_hash, of_row.tenant_id, last_seq, of_row.at, of_row.actor, of_row.action,
        of_row.subject, of_row.detail);
    UPDATE audit SET seq = last_seq, hash = last_hash WHERE id = of_row.id;
  END LOOP;
END $$;
ALTER TABLE audit ENABLE TRIGGER append_only;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;
ALTER TABLE audit ALTER COLUMN seq SET NOT NULL, ALTER COLUMN hash SET NOT NULL;

DROP INDEX audit_tenant;
CREATE UNIQUE INDEX audit_chain ON audit (tenant_id, seq); -- no fork, whatever becomes of the lock
CREATE INDEX audit_action ON audit (tenant_id, action, seq);
CREATE INDEX audit_at ON audit (tenant_id, at);

-- As whoever inserts: row security shows them the chain that they add to, and no other.
CREATE FUNCTION mantle_audit_append() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last_seq bigint;
  last_hash bytea;
BEGIN
  PERFORM mantle_audit_lock(NEW.tenant_id);
  SELECT seq, hash INTO last_seq, last_hash FROM audit WHERE tenant_id = NEW.tenant_id ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last_seq, 0) + 1;
  NEW.at := clock_timestamp(); -- a transaction that began earlier may come later in the chain
  NEW.hash := mantle_audit_hash(coalesce(last_hash, decode(repeat('00', 32), 'hex')), NEW.tenant_id, NEW.seq, NEW.at,
      NEW.actor, NEW.action, NEW.subject, NEW.detail);
  RETURN NEW;
END $$;
CREATE TRIGGER chained BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION mantle_audit_append();

REVOKE INSERT ON audit FROM mantle_app, mantle_identity;
GRANT INSERT (tenant_id, actor, action, subject, detail) ON audit TO mantle_app, mantle_identity;
-- What the trigger reads to add to the platform's chain.
CREATE POLICY identity_chain ON audit FOR SELECT TO mantle_identity USING (tenant_id = '~platform');
GRANT SELECT (tenant_id, seq, hash) ON audit TO mantle_identity;

-- What left is summed up by the hour in which it was heard of (database.SentHours).
CREATE INDEX usage_tenant_stored ON usage (tenant_id, stored_at);
