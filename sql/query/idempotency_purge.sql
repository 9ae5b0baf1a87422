-- Takes a few answers away that nobody can ask for any more: a little with every new key, so that
-- the table never grows beyond what a day brings.
DELETE FROM idempotency_keys
WHERE (user_id, key) IN (
	SELECT user_id, key FROM idempotency_keys
	WHERE created_at < now() - interval '24 hours'
	ORDER BY created_at
	LIMIT 4
	FOR UPDATE SKIP LOCKED
)
