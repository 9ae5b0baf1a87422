-- Moves alerts up that nobody looked after in time, one step each, the worst first: to the first of the
-- recipients whose turn was not yet. Without recipients there is one step, to nobody.
-- $1 step_minutes bigint
-- $2 recipients text[] in their order
-- $3 limit bigint
-- -> alert_step
WITH due AS (
	SELECT a.id, n.who
	FROM alerts a
	LEFT JOIN LATERAL (SELECT t.who FROM unnest($2::text[]) WITH ORDINALITY AS t (who, place)
		WHERE t.who <> ALL (a.escalated_to) ORDER BY t.place LIMIT 1) n ON true
	WHERE a.status = 'open' AND a.since <= now() - make_interval(mins => $1::bigint::integer)
		AND (n.who IS NOT NULL OR (cardinality($2::text[]) = 0 AND a.escalation_step = 0))
	ORDER BY array_position(ARRAY['critical', 'warning', 'info'], a.severity), a.since, a.id
	LIMIT $3::bigint
	FOR NO KEY UPDATE OF a
), moved AS (
	UPDATE alerts a SET escalation_step = escalation_step + 1, since = now(),
		escalated_to = a.escalated_to || array_remove(ARRAY[due.who], NULL)
	FROM due WHERE a.id = due.id
	RETURNING a.id, a.kind, a.severity, a.title, a.escalation_step AS step,
		(extract(epoch FROM now() - a.first_at) / 60)::bigint AS minutes, due.who AS recipient
)
SELECT id, kind, severity, title, step, minutes, recipient FROM moved
ORDER BY array_position(ARRAY['critical', 'warning', 'info'], severity), id
