-- Makes a webhook.
-- $1 id uuid
-- $2 url text
-- $3 description text
-- $4 events text[]
-- $5 secret bytea
-- $6 key_id text
-- $7 is_active boolean
-- $8 created_by uuid
INSERT INTO webhooks (id, url, description, events, secret, key_id, is_active, created_by)
VALUES ($1::uuid, $2::text, $3::text, $4::text[], $5::bytea, $6::text, $7::boolean, $8::uuid)
