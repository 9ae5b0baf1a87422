-- Ends a session of a user.
-- $1 id uuid
-- $2 user_id uuid
DELETE FROM sessions WHERE id = $1::uuid AND user_id = $2::uuid
