-- What becomes of entities in an answer that the model says of its own.
ALTER TABLE privacy_policy
  ADD COLUMN responses text NOT NULL DEFAULT 'pass' CHECK (responses IN ('pass', 'mask', 'block'));
