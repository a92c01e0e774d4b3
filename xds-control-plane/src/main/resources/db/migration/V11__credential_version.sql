-- How often the credential was replaced since there is this column. What is sealed names its own master key.
ALTER TABLE provider
  ADD COLUMN credential_version integer NOT NULL DEFAULT 0 CHECK (credential_version >= 0);
