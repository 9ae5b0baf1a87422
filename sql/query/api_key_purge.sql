-- Takes away API keys that ended long ago.
-- $1 days bigint
DELETE FROM api_keys WHERE expires_at < now() - $1::bigint * interval '1 day'
