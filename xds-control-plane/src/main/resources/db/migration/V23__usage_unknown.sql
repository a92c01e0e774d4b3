-- A row may say that nobody knows how its exchange ended: the sidecar that had sent its request was killed.
DO $$
DECLARE
  of_outcome text; -- named by Postgres, while the table of before V21 still had the name one would expect
BEGIN
  SELECT conname INTO STRICT of_outcome FROM pg_constraint
    WHERE conrelid = 'usage'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%BROKEN%';
  EXECUTE format('ALTER TABLE usage DROP CONSTRAINT %I', of_outcome);
END $$;
ALTER TABLE usage ADD CONSTRAINT usage_outcome
  CHECK (outcome IN ('COMPLETED', 'REFUSED', 'PROVIDER_ERROR', 'CANCELLED', 'BROKEN', 'UNKNOWN'));
