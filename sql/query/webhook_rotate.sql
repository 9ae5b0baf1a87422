-- Gives a webhook another secret, and keeps the one that it had; the caller holds its lock.
-- $1 id uuid
-- $2 secret bytea
-- $3 key_id text
-- $4 old_id uuid
WITH kept AS (
	INSERT INTO webhook_secrets (id, webhook_id, secret, key_id)
	SELECT $4::uuid, w.id, w.secret, w.key_id FROM webhooks w WHERE w.id = $1::uuid)
UPDATE webhooks SET secret = $2::bytea, key_id = $3::text, updated_at = now()
WHERE id = $1::uuid
