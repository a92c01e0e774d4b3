-- Whether traces may hold what was said, as the provider saw it, where the operator lets the tenant.
ALTER TABLE privacy_policy
  ADD COLUMN trace_content boolean NOT NULL DEFAULT false;
