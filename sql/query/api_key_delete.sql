-- Deletes an API key of a user.
-- $1 id uuid
-- $2 user_id uuid
DELETE FROM api_keys WHERE id = $1::uuid AND user_id = $2::uuid
