-- A page of the letters in the outbox, newest first.
-- planned anew
-- $1 status text[]
-- $2 channel text
-- $3 before uuid
-- $4 limit bigint
-- -> outbox_letter
SELECT id, channel, kind, recipient, status, attempts, response_code, last_error,
	CASE status WHEN 'waiting' THEN next_at END AS next_at, created_at, sent_at
FROM outbox
WHERE ($1::text[] IS NULL OR status = ANY ($1::text[]))
	AND ($2::text IS NULL OR channel = $2::text)
	AND ($3::uuid IS NULL OR id < $3::uuid)
ORDER BY id DESC
LIMIT $4::bigint;
