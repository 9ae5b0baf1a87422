-- How many deliveries of a webhook there are.
-- $1 webhook_id uuid
-- $2 status text[]
-- -> count
SELECT count(*) AS count FROM webhook_deliveries
WHERE webhook_id = $1::uuid AND ($2::text[] IS NULL OR status = ANY ($2::text[]))
