-- Deletes all API keys of a user.
-- $1 user_id uuid
DELETE FROM api_keys WHERE user_id = $1::uuid
