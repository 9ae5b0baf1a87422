-- The second factor: with which key a seed is sealed, and sign-ins that wait for a code.

ALTER TABLE mfa_methods ADD COLUMN key_id text;

-- The password was right and a code is due. The token stands for this one sign-in; whatever ends the
-- user's sessions ends these too.
CREATE TABLE mfa_challenges (
	token_hash bytea CONSTRAINT mfa_challenges_pkey PRIMARY KEY,
	user_id uuid NOT NULL CONSTRAINT mfa_challenges_user_fkey REFERENCES users (id),
	remember boolean NOT NULL,
	wrong integer NOT NULL DEFAULT 0,
	expires_at timestamptz NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX mfa_challenges_user_idx ON mfa_challenges (user_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON mfa_challenges TO promo_app;
