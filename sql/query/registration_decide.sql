-- Notes what became of a registration, and forgets its password.
-- $1 id uuid
-- $2 status text
-- $3 decided_by uuid
UPDATE registrations
SET status = $2::text, decided_by = $3::uuid, decided_at = now(), password_hash = NULL
WHERE id = $1::uuid
