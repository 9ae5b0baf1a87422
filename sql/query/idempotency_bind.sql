-- Binds the key that this transaction took to its answer.
-- $1 user_id uuid
-- $2 key text
-- $3 status integer
-- $4 answer text
-- $5 etag text
-- $6 location text
UPDATE idempotency_keys
SET status = $3::integer, answer = $4::text, etag = $5::text, location = $6::text
WHERE user_id = $1::uuid AND key = $2::text
