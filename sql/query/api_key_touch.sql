-- Notes that an API key is in use, unless that was noted this short a time ago.
-- $1 id uuid
-- $2 milliseconds bigint
UPDATE api_keys SET last_used_at = now()
WHERE id = $1::uuid
	AND (last_used_at IS NULL OR last_used_at < now() - $2::bigint * interval '1 millisecond')
