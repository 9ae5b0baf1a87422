-- Locks a user, before he is read to be changed.
-- $1 id uuid
-- -> id
SELECT id FROM users WHERE id = $1::uuid FOR UPDATE
