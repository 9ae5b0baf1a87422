-- Whether a batch can be assigned to this user: he exists and is active.
-- $1 id uuid
-- -> id
SELECT id FROM users WHERE id = $1::uuid AND is_active;
