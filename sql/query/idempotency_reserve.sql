-- Takes a key for this transaction, also one that is older than a day. Waits for another transaction
-- that holds it; no row is affected where that one answered.
-- $1 user_id uuid
-- $2 key text
-- $3 operation text
-- $4 request_hash text
INSERT INTO idempotency_keys AS k (user_id, key, operation, request_hash, status, answer)
VALUES ($1::uuid, $2::text, $3::text, $4::text, 0, '')
ON CONFLICT (user_id, key) DO UPDATE
	SET operation = excluded.operation, request_hash = excluded.request_hash,
		status = 0, answer = '', etag = NULL, location = NULL, created_at = now()
	WHERE k.created_at < now() - interval '24 hours'
