-- Takes away the sessions that are past their end, of a user or of all (null).
-- $1 user_id uuid
DELETE FROM sessions WHERE ($1::uuid IS NULL OR user_id = $1::uuid) AND expires_at <= now()
