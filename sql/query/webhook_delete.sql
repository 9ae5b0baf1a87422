-- Deletes a webhook without deliveries.
-- $1 id uuid
DELETE FROM webhooks WHERE id = $1::uuid
