-- Notes that a session is in use, unless that was noted this short a time ago.
-- $1 id uuid
-- $2 milliseconds bigint
UPDATE sessions SET last_seen_at = now(), updated_at = now()
WHERE id = $1::uuid AND last_seen_at < now() - $2::bigint * interval '1 millisecond'
