-- A user whose roles changed is another version of himself.
-- $1 id uuid
UPDATE users SET updated_at = now(), version = version + 1 WHERE id = $1::uuid
