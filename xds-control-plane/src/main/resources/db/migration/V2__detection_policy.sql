-- How a tenant wants its texts examined, beside what happens to what is found. The row is as isolated as before: the
-- table's policies, grants and triggers hold for its new columns.
--
-- deny, allow and recognizers hold words of the tenant's own that may be private themselves: they are sent to nobody
-- but the tenant and its sidecars, and never logged.
ALTER TABLE privacy_policy
  ADD COLUMN recall text NOT NULL DEFAULT 'balanced' CHECK (recall IN ('high', 'balanced', 'precise')),
  ADD COLUMN mode text NOT NULL DEFAULT 'enforce' CHECK (mode IN ('enforce', 'detect_only')),
  -- [{"phrase", "type"}]
  ADD COLUMN deny jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(deny) = 'array'),
  -- ["phrase"]
  ADD COLUMN allow jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(allow) = 'array'),
  -- [{"name", "type", "patterns": [], "words": [], "context": [], "samples": {"positive": [], "negative": []}}]
  ADD COLUMN recognizers jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(recognizers) = 'array'),
  ADD COLUMN deep boolean NOT NULL DEFAULT false;

ALTER TABLE usage
  ADD COLUMN detect_only boolean NOT NULL DEFAULT false; -- the entities were counted and left as they were
