-- The password hash of a user, to check what he says it is.
-- $1 id uuid
-- -> credential
SELECT id, password_hash, is_active FROM users WHERE id = $1::uuid
