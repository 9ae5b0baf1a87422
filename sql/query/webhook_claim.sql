-- Takes the delivery that is due for longest, and puts it off by the lease; those of webhooks that fail
-- come last, so that one that stalls does not keep the others waiting.
-- $1 channel text
-- $2 lease_s bigint
-- -> outbox_parcel
UPDATE webhook_deliveries
SET attempts = attempts + 1, next_at = now() + make_interval(secs => $2::bigint)
WHERE $1::text = 'webhook' AND id = (
	SELECT d.id FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
	WHERE d.status = 'waiting' AND d.next_at <= now() AND w.is_active
	ORDER BY w.failing_since IS NOT NULL, d.next_at, d.id
	LIMIT 1
	FOR NO KEY UPDATE OF d SKIP LOCKED)
	AND status = 'waiting' AND next_at <= now()
RETURNING id, event AS kind, webhook_id::text AS recipient, payload, attempts, created_at,
	expires_at <= now() AS expired
