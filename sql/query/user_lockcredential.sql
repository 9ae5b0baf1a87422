-- The same by id, locked, to see that nothing changed while the password was hashed.
-- $1 id uuid
-- -> credential
SELECT id, password_hash, is_active FROM users WHERE id = $1::uuid AND deleted_at IS NULL
FOR UPDATE
