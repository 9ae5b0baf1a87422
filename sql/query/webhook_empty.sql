-- Deletes the deliveries of a webhook.
-- $1 id uuid
DELETE FROM webhook_deliveries WHERE webhook_id = $1::uuid
