-- The audit trail, oldest first, an entry a row, as the API tells it.
-- planned anew
-- $1 actor_id uuid
-- $2 action text[]
-- $3 entity_kind text
-- $4 entity_id uuid
-- $5 outcome text[]
-- $6 from timestamptz
-- $7 to timestamptz
-- -> columns
SELECT json_build_object(
	'id', id, 'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
	'actor', json_build_object('id', "actor.id", 'name', "actor.name", 'kind', "actor.kind"),
	'session_id', session_id, 'ip', ip, 'user_agent', user_agent, 'action', action,
	'permission', permission,
	'entity', CASE WHEN "entity.kind" IS NOT NULL
		THEN json_build_object('kind', "entity.kind", 'id', "entity.id") END,
	'outcome', outcome, 'error', error, 'changes', changes, 'count', count,
	'request_id', request_id)::text
FROM audit_rows
WHERE ($1::uuid IS NULL OR "actor.id" = $1::uuid)
	AND ($2::text[] IS NULL OR action = ANY ($2::text[]))
	AND ($3::text IS NULL OR "entity.kind" = $3::text)
	AND ($4::uuid IS NULL OR "entity.id" = $4::uuid)
	AND ($5::text[] IS NULL OR outcome = ANY ($5::text[]))
	AND ($6::timestamptz IS NULL OR at >= $6::timestamptz)
	AND ($7::timestamptz IS NULL OR at < $7::timestamptz)
ORDER BY at, id;
