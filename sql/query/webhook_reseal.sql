-- Seals the secret of a webhook with another key.
-- $1 id uuid
-- $2 old_key_id text
-- $3 secret bytea
-- $4 key_id text
UPDATE webhooks SET secret = $3::bytea, key_id = $4::text
WHERE id = $1::uuid AND key_id = $2::text
