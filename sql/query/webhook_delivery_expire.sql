-- Ends deliveries whose time is over while their webhook is disabled: nobody tries them.
UPDATE webhook_deliveries
SET status = 'dead', last_error = coalesce(last_error, 'the webhook was disabled')
WHERE status = 'waiting' AND expires_at < now() - interval '1 hour'
