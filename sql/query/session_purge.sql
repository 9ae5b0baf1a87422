-- Takes away the sessions of a user that are past their end.
-- $1 user_id uuid
DELETE FROM sessions WHERE user_id = $1::uuid AND expires_at <= now()
