-- A second factor of a user, also one that still waits to be confirmed.
-- $1 user_id uuid
-- $2 method text
-- -> mfa_method
SELECT encode(secret, 'hex') AS secret, key_id, address, last_step, confirmed_at
FROM mfa_methods
WHERE user_id = $1::uuid AND method = $2::text
