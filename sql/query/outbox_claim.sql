-- Takes the letter of a channel that is due for longest, and puts it off by the lease.
-- $1 channel text
-- $2 lease_s bigint
-- -> outbox_parcel
UPDATE outbox SET attempts = attempts + 1, next_at = now() + make_interval(secs => $2::bigint)
WHERE id = (
	SELECT id FROM outbox
	WHERE status = 'waiting' AND channel = $1::text AND next_at <= now()
	ORDER BY next_at, id
	LIMIT 1
	FOR NO KEY UPDATE SKIP LOCKED)
	AND status = 'waiting' AND next_at <= now()
RETURNING id, kind, recipient, payload, attempts, created_at,
	expires_at <= now() AS expired;
