-- Opens alerts again that were acknowledged too long ago.
-- $1 reopen_minutes bigint
-- $2 limit bigint
-- -> alert_step
WITH due AS (
	SELECT id FROM alerts
	WHERE status = 'acknowledged' AND since <= now() - make_interval(mins => $1::bigint::integer)
	ORDER BY array_position(ARRAY['critical', 'warning', 'info'], severity), since, id
	LIMIT $2::bigint
	FOR NO KEY UPDATE
), moved AS (
	UPDATE alerts a SET status = 'open', acknowledged_by = NULL, acknowledged_at = NULL,
		escalation_step = 0, escalated_to = '{}', since = now()
	FROM due WHERE a.id = due.id
	RETURNING a.id, a.kind, a.severity, a.title, a.escalation_step AS step,
		(extract(epoch FROM now() - a.first_at) / 60)::bigint AS minutes, NULL::text AS recipient
)
SELECT id, kind, severity, title, step, minutes, recipient FROM moved
ORDER BY array_position(ARRAY['critical', 'warning', 'info'], severity), id
