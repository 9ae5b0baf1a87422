-- Makes an API key.
-- $1 id uuid
-- $2 user_id uuid
-- $3 name text
-- $4 prefix text
-- $5 key_hash bytea
-- $6 permissions text[]
-- $7 allowed_ips inet[]
-- $8 expires_at timestamptz
INSERT INTO api_keys (id, user_id, name, prefix, key_hash, permissions, allowed_ips, expires_at)
VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::bytea, $6::text[], $7::inet[], $8::timestamptz)
