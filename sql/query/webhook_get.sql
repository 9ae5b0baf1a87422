-- A webhook.
-- $1 id uuid
-- -> webhook
SELECT * FROM webhook_rows WHERE id = $1::uuid
