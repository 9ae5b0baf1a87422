-- The webhooks that were disabled and of which nobody was told; they are told of now.
-- -> webhook_told
UPDATE webhooks SET told_at = now()
WHERE disabled_at IS NOT NULL AND told_at IS NULL
RETURNING id, url, disabled_reason
