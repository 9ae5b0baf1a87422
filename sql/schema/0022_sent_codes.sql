-- Second factors by mail and SMS: where a code goes (the address that was confirmed, whatever the user's
-- is today), and the one that was sent last, with how often one was sent of late.
ALTER TABLE mfa_methods ADD COLUMN address text;

CREATE TABLE mfa_sent_codes (
	user_id uuid NOT NULL CONSTRAINT mfa_sent_codes_user_fkey REFERENCES users (id),
	method text NOT NULL CONSTRAINT mfa_sent_codes_method_check CHECK (method IN ('email', 'sms')),
	code_hash bytea, -- null when it was used
	expires_at timestamptz NOT NULL,
	sent_at timestamptz NOT NULL,
	since timestamptz NOT NULL, -- of the hour in which `sends` counts
	sends integer NOT NULL,
	CONSTRAINT mfa_sent_codes_pkey PRIMARY KEY (user_id, method)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON mfa_sent_codes TO promo_app;
