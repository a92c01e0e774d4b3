-- How a request goes from one provider of its route to the next. Nulls: one attempt at each, and the gateway's timeout.
ALTER TABLE route
  ADD COLUMN model_mapping jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(model_mapping) = 'object'), -- provider id to model
  ADD COLUMN retries integer CHECK (retries BETWEEN 0 AND 10),
  ADD COLUMN first_byte_timeout_seconds integer CHECK (first_byte_timeout_seconds BETWEEN 1 AND 600);

-- Whether a platform admin lets its public-looking name lead to addresses that are not on the public Internet.
ALTER TABLE provider
  ADD COLUMN private_allowed boolean NOT NULL DEFAULT false;
