-- Counts a wrong code of a user, and until when no other is looked at.
-- $1 user text
-- $2 wrong bigint
-- $3 delay_ms bigint
INSERT INTO throttles (kind, subject, count, blocked_until)
VALUES ('mfa', $1::text, $2::bigint,
	clock_timestamp() + $3::bigint * interval '1 millisecond')
ON CONFLICT ON CONSTRAINT throttles_pkey DO UPDATE
SET count = excluded.count, blocked_until = excluded.blocked_until
