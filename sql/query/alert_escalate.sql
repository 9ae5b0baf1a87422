-- Moves alerts up that nobody looked after in time, one step each, the worst first.
-- $1 step_minutes bigint
-- $2 steps bigint
-- $3 limit bigint
-- -> alert_step
WITH due AS (
	SELECT id FROM alerts
	WHERE status = 'open' AND escalation_step < $2::bigint
		AND since <= now() - make_interval(mins => $1::bigint::integer)
	ORDER BY array_position(ARRAY['critical', 'warning', 'info'], severity), since, id
	LIMIT $3::bigint
	FOR NO KEY UPDATE
), moved AS (
	UPDATE alerts a SET escalation_step = escalation_step + 1, since = now()
	FROM due WHERE a.id = due.id
	RETURNING a.id, a.kind, a.severity, a.title, a.escalation_step AS step,
		(extract(epoch FROM now() - a.first_at) / 60)::bigint AS minutes
)
SELECT id, kind, severity, title, step, minutes FROM moved
ORDER BY array_position(ARRAY['critical', 'warning', 'info'], severity), id
