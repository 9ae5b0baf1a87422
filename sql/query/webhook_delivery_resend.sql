-- Has a delivery sent again, and tried for as long as a new one.
-- $1 id uuid
-- $2 webhook_id uuid
UPDATE webhook_deliveries
SET status = 'waiting', next_at = now(), expires_at = now() + interval '3 days', delivered_at = NULL
WHERE id = $1::uuid AND webhook_id = $2::uuid
