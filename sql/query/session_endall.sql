-- Ends the sessions of a user, but for one where it is given.
-- $1 user_id uuid
-- $2 but uuid
DELETE FROM sessions WHERE user_id = $1::uuid AND ($2::uuid IS NULL OR id <> $2::uuid)
