-- What of an answer is restored. The table's policies, grants and triggers hold for its new columns.
ALTER TABLE privacy_policy
  -- {"PERSON": {"typo": false}}: entity type, or * for all, to the spellings that are switched
  ADD COLUMN restore jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(restore) = 'object'),
  -- ["docs.acme.com", "*.acme.net"]: into links to these values are restored though the prompt did not name them
  ADD COLUMN link_hosts jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(link_hosts) = 'array'),
  -- {"send_mail": "leave"}: the name of a tool, or * for all others, to what happens to its arguments
  ADD COLUMN tools jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(tools) = 'object');
