-- What a policy starts from; actions is what differs from it.
ALTER TABLE privacy_policy
  ADD COLUMN preset text NOT NULL DEFAULT 'default' CHECK (preset IN ('default', 'strict', 'hipaa', 'pci'));
