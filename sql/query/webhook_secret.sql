-- What it takes to call a webhook.
-- $1 id uuid
-- -> webhook_secret
SELECT url, encode(secret, 'hex') AS secret, key_id FROM webhooks WHERE id = $1::uuid
