-- The secrets that webhooks had before: what is sent is signed with them as well for a day, so that a receiver
-- has the time to take the new one.
CREATE TABLE webhook_secrets (
	id uuid CONSTRAINT webhook_secrets_pkey PRIMARY KEY,
	webhook_id uuid NOT NULL CONSTRAINT webhook_secrets_webhook_fkey
		REFERENCES webhooks (id) ON DELETE CASCADE,
	secret bytea NOT NULL, -- sealed, as in webhooks
	key_id text NOT NULL,
	expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours'
);
CREATE INDEX webhook_secrets_webhook_idx ON webhook_secrets (webhook_id, expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_secrets TO promo_app;
