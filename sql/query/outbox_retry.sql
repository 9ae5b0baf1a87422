-- Has a dead letter tried again, from now on; none where it is not dead, or was wiped.
-- $1 id uuid
-- $2 tried_s bigint
-- -> outbox_letter
UPDATE outbox SET status = 'waiting', next_at = now(), told_at = NULL,
	expires_at = now() + make_interval(secs => $2::bigint)
WHERE id = $1::uuid AND status = 'dead' AND payload <> '{}'
RETURNING id, channel, kind, recipient, status, attempts, response_code, last_error,
	CASE status WHEN 'waiting' THEN next_at END AS next_at, created_at, sent_at;
