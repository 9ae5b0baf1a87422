-- Ends deliveries whose time is over while their webhook is disabled: nobody tries them.
UPDATE webhook_deliveries d
SET status = 'dead', last_error = coalesce(d.last_error, 'the webhook was disabled')
FROM webhooks w
WHERE w.id = d.webhook_id AND NOT w.is_active
	AND d.status = 'waiting' AND d.expires_at < now() - interval '1 hour'
