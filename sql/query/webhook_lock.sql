-- A webhook that is to be changed, locked.
-- $1 id uuid
-- -> webhook
SELECT r.* FROM webhooks w JOIN webhook_rows r ON r.id = w.id
WHERE w.id = $1::uuid
FOR NO KEY UPDATE OF w
