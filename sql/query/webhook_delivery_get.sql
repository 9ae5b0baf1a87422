-- A delivery of a webhook.
-- $1 id uuid
-- $2 webhook_id uuid
-- -> webhook_delivery
SELECT id, event, status, attempts, response_status, last_error, next_at, created_at, delivered_at,
	data
FROM webhook_delivery_rows
WHERE id = $1::uuid AND webhook_id = $2::uuid
