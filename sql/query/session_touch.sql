-- Notes that a session is in use, at most once a minute.
-- $1 id uuid
UPDATE sessions SET last_seen_at = now(), updated_at = now()
WHERE id = $1::uuid AND last_seen_at < now() - interval '1 minute'
