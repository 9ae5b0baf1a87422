-- Locks a user who is to be deleted: nothing that names him is written meanwhile.
-- $1 id uuid
-- -> id
SELECT id FROM users WHERE id = $1::uuid AND deleted_at IS NULL FOR UPDATE
