-- Notes what became of a delivery, unless another daemon has taken it since. One that is to be tried
-- again after its time is dead. The webhook notes since when it fails, which one that was never called for
-- what is dead from the start does not, and is disabled where it answered that it is gone.
-- $1 id uuid
-- $2 attempts bigint
-- $3 status text
-- $4 pause_ms bigint
-- $5 response_code bigint
-- $6 error text
WITH noted AS (
	UPDATE webhook_deliveries SET
		status = CASE
			WHEN $3::text = 'sent' THEN 'delivered'
			WHEN $3::text = 'waiting'
				AND expires_at < now() + make_interval(secs => $4::bigint / 1000.0)
			THEN 'dead'
			ELSE $3::text END,
		response_status = $5::bigint, last_error = $6::text,
		next_at = now() + make_interval(secs => $4::bigint / 1000.0),
		delivered_at = CASE $3::text WHEN 'sent' THEN now() END
	WHERE id = $1::uuid AND attempts = $2::bigint AND status = 'waiting'
	RETURNING webhook_id)
UPDATE webhooks w SET
	failing_since = CASE WHEN $3::text <> 'sent' THEN coalesce(w.failing_since, now()) END,
	is_active = w.is_active AND $5::bigint IS DISTINCT FROM 410,
	disabled_at = CASE WHEN w.is_active AND $5::bigint = 410 THEN now() ELSE w.disabled_at END,
	disabled_reason = CASE WHEN w.is_active AND $5::bigint = 410 THEN 'gone'
		ELSE w.disabled_reason END
FROM noted n
WHERE w.id = n.webhook_id AND ($3::text <> 'dead' OR $5::bigint IS NOT NULL)
	AND ((w.failing_since IS NULL) = ($3::text <> 'sent') OR $5::bigint = 410)
