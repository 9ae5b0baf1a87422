-- A second factor whose codes are sent, waiting to be confirmed, in the place of an earlier one that waits.
-- One that was confirmed stays: then no row is affected.
-- $1 id uuid
-- $2 user_id uuid
-- $3 method text
-- $4 address text
INSERT INTO mfa_methods (id, user_id, method, address)
VALUES ($1::uuid, $2::uuid, $3::text, $4::text)
ON CONFLICT ON CONSTRAINT mfa_methods_key DO UPDATE
SET address = excluded.address, created_at = now()
WHERE mfa_methods.confirmed_at IS NULL;
