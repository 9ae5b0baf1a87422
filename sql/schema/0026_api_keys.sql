-- API keys as they are shown, and found by whose they are; a sign-in that waits for its second factor
-- remembers that it was asked for a cookie.
CREATE INDEX api_keys_user_idx ON api_keys (user_id, id);

CREATE VIEW api_key_rows AS
SELECT id, user_id, name, prefix, permissions,
	ARRAY(SELECT abbrev(ip) FROM unnest(allowed_ips) WITH ORDINALITY AS a (ip, n) ORDER BY n)
		AS allowed_ips,
	expires_at, last_used_at, created_at
FROM api_keys;
GRANT SELECT ON api_key_rows TO promo_app;

ALTER TABLE mfa_challenges ADD COLUMN cookie boolean NOT NULL DEFAULT false;
