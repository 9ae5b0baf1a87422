-- The answer that a key is bound to.
-- $1 user_id uuid
-- $2 key text
-- -> kept_answer
SELECT request_hash, status, answer, etag, location FROM idempotency_keys
WHERE user_id = $1::uuid AND key = $2::text
