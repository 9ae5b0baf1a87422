-- Whether a user has a second factor.
-- $1 id uuid
-- $2 enabled boolean
UPDATE users
SET mfa_enabled = $2::boolean, updated_at = now(), version = version + 1
WHERE id = $1::uuid
