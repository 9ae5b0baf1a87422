-- Locks a registration that is to be decided.
-- $1 id uuid
-- -> id
SELECT id FROM registrations WHERE id = $1::uuid FOR UPDATE
