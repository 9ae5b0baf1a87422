-- Notes that an API key is in use, at most once a minute.
-- $1 id uuid
UPDATE api_keys SET last_used_at = now()
WHERE id = $1::uuid AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
