-- Providers that speak as Anthropic does.
ALTER TABLE provider
  DROP CONSTRAINT provider_kind_check,
  ADD CONSTRAINT provider_kind_check CHECK (kind IN ('openai', 'anthropic'));

-- What nobody can inspect (images, audio, files, token ids): it passes and is counted, or is refused.
ALTER TABLE privacy_policy
  ADD COLUMN media text NOT NULL DEFAULT 'pass' CHECK (media IN ('pass', 'refuse')),
  -- Put before the system prompt of every request; empty for nothing.
  ADD COLUMN preservation_prompt text NOT NULL DEFAULT '' CHECK (length(preservation_prompt) <= 2000);
