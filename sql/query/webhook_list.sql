-- A page of webhooks, newest first.
-- $1 before uuid
-- $2 limit bigint
-- -> webhook
SELECT * FROM webhook_rows
WHERE $1::uuid IS NULL OR id < $1::uuid
ORDER BY id DESC
LIMIT $2::bigint
