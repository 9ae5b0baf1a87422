-- Notes what became of a letter, unless another daemon has taken it since. One that is to be tried
-- again after its time is dead; what opened something is wiped when it has gone.
-- $1 id uuid
-- $2 attempts bigint
-- $3 status text
-- $4 pause_ms bigint
-- $5 response_code bigint
-- $6 error text
UPDATE outbox o SET
	status = s.status, response_code = $5::bigint, last_error = $6::text,
	next_at = now() + make_interval(secs => $4::bigint / 1000.0),
	sent_at = CASE s.status WHEN 'sent' THEN now() END,
	payload = CASE WHEN s.status <> 'waiting' AND o.payload ? 'sealed' THEN '{}' ELSE o.payload END
FROM (SELECT CASE WHEN $3::text = 'waiting'
		AND e.expires_at < now() + make_interval(secs => $4::bigint / 1000.0)
	THEN 'dead' ELSE $3::text END AS status FROM outbox e WHERE e.id = $1::uuid) s
WHERE o.id = $1::uuid AND o.attempts = $2::bigint AND o.status = 'waiting';
