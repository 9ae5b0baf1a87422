-- An account signed in from an address: what failed there before is forgotten, and it is known now.
-- $1 subject text
INSERT INTO throttles (kind, subject, since, succeeded_at)
VALUES ('signin', $1::text, NULL, now())
ON CONFLICT ON CONSTRAINT throttles_pkey DO UPDATE
SET count = 0, since = NULL, blocked_until = NULL, succeeded_at = excluded.succeeded_at
