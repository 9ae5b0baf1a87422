-- Gives a key back that this transaction took and does not bind.
-- $1 user_id uuid
-- $2 key text
DELETE FROM idempotency_keys WHERE user_id = $1::uuid AND key = $2::text AND status = 0
