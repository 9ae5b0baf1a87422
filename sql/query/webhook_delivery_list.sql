-- A page of the deliveries of a webhook, newest first.
-- $1 webhook_id uuid
-- $2 status text[]
-- $3 before uuid
-- $4 limit bigint
-- -> webhook_delivery
SELECT id, event, status, attempts, response_status, last_error, next_at, created_at, delivered_at,
	data
FROM webhook_delivery_rows
WHERE webhook_id = $1::uuid
	AND ($2::text[] IS NULL OR status = ANY ($2::text[]))
	AND ($3::uuid IS NULL OR id < $3::uuid)
ORDER BY id DESC
LIMIT $4::bigint
