-- Locks codes in the order of all locks of codes, and says what decides about changing them.
-- $1 ids uuid[]
-- -> code_lock
SELECT id, batch_id, status AS own_status, false AS tried
FROM promo_codes WHERE id = ANY ($1::uuid[])
ORDER BY code
FOR UPDATE;
