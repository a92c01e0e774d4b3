-- What providers were sent, of tenants whose policy asks for a record of it: sealed, and for so many hours.
ALTER TABLE privacy_policy
  ADD COLUMN record_exchanges_hours integer CHECK (record_exchanges_hours BETWEEN 1 AND 720); -- null: nothing is kept

CREATE TABLE recorded_exchange (
  tenant_id   text NOT NULL REFERENCES tenant ON DELETE CASCADE,
  request_id  text NOT NULL CHECK (length(request_id) BETWEEN 1 AND 128),
  started_at  timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL,                              -- at the latest: a policy of fewer hours holds for it too
  provider    text NOT NULL,
  model       text NOT NULL,
  endpoint    text NOT NULL,
  body_bytes  bigint NOT NULL,                                   -- of the whole body, also where less of it is sealed
  sealed      bytea NOT NULL,
  key_version integer NOT NULL,
  PRIMARY KEY (tenant_id, request_id),
  FOREIGN KEY (tenant_id, key_version) REFERENCES tenant_key (tenant_id, version) DEFERRABLE INITIALLY DEFERRED
);
-- What is sealed cannot be compressed.
ALTER TABLE recorded_exchange ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX recorded_exchange_by_age ON recorded_exchange (tenant_id, started_at);

ALTER TABLE recorded_exchange ENABLE ROW LEVEL SECURITY;
ALTER TABLE recorded_exchange FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON recorded_exchange TO mantle_app USING (tenant_id = mantle_tenant_id())
  WITH CHECK (tenant_id = mantle_tenant_id());
GRANT SELECT, INSERT, DELETE ON recorded_exchange TO mantle_app;

-- Whose records are to be deleted.
CREATE POLICY published ON recorded_exchange FOR SELECT TO mantle_publisher USING (true);
GRANT SELECT (tenant_id, started_at, expires_at) ON recorded_exchange TO mantle_publisher;

-- Which keys are still needed.
CREATE POLICY keys ON recorded_exchange FOR SELECT TO mantle_keys USING (true);
GRANT SELECT (tenant_id, key_version) ON recorded_exchange TO mantle_keys;
