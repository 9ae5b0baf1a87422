-- Seals a secret of a webhook with another key: the one that it has, or one that it had.
-- $1 id uuid
-- $2 old_id uuid
-- $3 old_key_id text
-- $4 secret bytea
-- $5 key_id text
WITH old AS (
	UPDATE webhook_secrets SET secret = $4::bytea, key_id = $5::text
	WHERE id = $2::uuid AND key_id = $3::text)
UPDATE webhooks SET secret = $4::bytea, key_id = $5::text
WHERE id = $1::uuid AND $2::uuid IS NULL AND key_id = $3::text
