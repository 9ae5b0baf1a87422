-- A letter, to be changed.
-- $1 id uuid
-- -> outbox_letter
SELECT id, channel, kind, recipient, status, attempts, response_code, last_error,
	CASE status WHEN 'waiting' THEN next_at END AS next_at, created_at, sent_at
FROM outbox
WHERE id = $1::uuid
FOR NO KEY UPDATE;
