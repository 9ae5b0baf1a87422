-- A second factor that waits to be confirmed, in the place of an earlier one that waits. One that was
-- confirmed stays: then no row is affected.
-- $1 id uuid
-- $2 user_id uuid
-- $3 method text
-- $4 secret bytea
-- $5 key_id text
INSERT INTO mfa_methods (id, user_id, method, secret, key_id)
VALUES ($1::uuid, $2::uuid, $3::text, $4::bytea, $5::text)
ON CONFLICT ON CONSTRAINT mfa_methods_key DO UPDATE
SET secret = excluded.secret, key_id = excluded.key_id, last_step = 0, created_at = now()
WHERE mfa_methods.confirmed_at IS NULL
