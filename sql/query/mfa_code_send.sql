-- Puts a code that is sent in the place of the one before; no row is affected where one was sent a moment
-- ago, or too many in this hour.
-- $1 user_id uuid
-- $2 method text
-- $3 code_hash bytea
-- $4 seconds bigint
-- $5 pause_s bigint
-- $6 most bigint
INSERT INTO mfa_sent_codes AS c (user_id, method, code_hash, expires_at, sent_at, since, sends)
VALUES ($1::uuid, $2::text, $3::bytea, now() + make_interval(secs => $4::bigint), now(), now(), 1)
ON CONFLICT ON CONSTRAINT mfa_sent_codes_pkey DO UPDATE
SET code_hash = excluded.code_hash, expires_at = excluded.expires_at, sent_at = excluded.sent_at,
	since = CASE WHEN c.since <= now() - interval '1 hour' THEN now() ELSE c.since END,
	sends = CASE WHEN c.since <= now() - interval '1 hour' THEN 1 ELSE c.sends + 1 END
WHERE c.sent_at <= now() - make_interval(secs => $5::bigint)
	AND (c.since <= now() - interval '1 hour' OR c.sends < $6::bigint);
