-- Writes a delivery for each webhook.
-- $1 ids uuid[]
-- $2 webhook_ids uuid[]
-- $3 event text
-- $4 payload jsonb
INSERT INTO webhook_deliveries (id, webhook_id, event, payload)
SELECT d.id, d.webhook_id, $3::text, $4::jsonb
FROM unnest($1::uuid[], $2::uuid[]) AS d (id, webhook_id)
