-- What it takes to call a webhook: its secret, then those that it had within a day, the newest first; no more
-- of them than a header holds.
-- $1 id uuid
-- -> webhook_secret
SELECT w.url, encode(w.secret, 'hex') AS secret, w.key_id, NULL::uuid AS old_id
FROM webhooks w WHERE w.id = $1::uuid
UNION ALL
(SELECT w.url, encode(s.secret, 'hex'), s.key_id, s.id
FROM webhook_secrets s JOIN webhooks w ON w.id = s.webhook_id
WHERE s.webhook_id = $1::uuid AND s.expires_at > now()
ORDER BY s.expires_at DESC, s.id DESC
LIMIT 4)
ORDER BY old_id DESC NULLS FIRST
