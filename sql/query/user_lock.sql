-- Locks a user, before he is read to be changed; rows that only name him need not wait.
-- $1 id uuid
-- -> id
SELECT id FROM users WHERE id = $1::uuid AND deleted_at IS NULL FOR NO KEY UPDATE
