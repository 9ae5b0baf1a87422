-- Up to where the rules have read the trail, whether whoever asks may go on from there, and whether there is
-- something to follow up: alerts that the trail does not know of, that nobody looks after, or that open again.
-- $1 owner text
-- $2 step_minutes bigint
-- $3 recipients text[]
-- $4 reopen_minutes bigint
-- -> alert_watch
SELECT w.position, w.owner = $1::text OR w.lease_until < now() AS is_free,
	EXISTS (SELECT FROM alerts WHERE NOT noted)
	OR EXISTS (SELECT FROM alerts WHERE status = 'open'
		AND since <= now() - make_interval(mins => $2::bigint::integer)
		AND (NOT $3::text[] <@ escalated_to OR (cardinality($3::text[]) = 0 AND escalation_step = 0)))
	OR EXISTS (SELECT FROM alerts WHERE status = 'acknowledged'
		AND since <= now() - make_interval(mins => $4::bigint::integer)) AS is_due
FROM alert_watch w WHERE w.id = 1
