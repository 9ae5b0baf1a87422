-- The same rows for an export that can be checked: as the API tells them, with their place.
-- $1 writer_id bigint[] of ranges
-- $2 from bigint[]
-- $3 to bigint[]
-- -> columns
SELECT i.ord, json_build_object(
	'writer_id', l.writer_id, 'seq', l.seq, 'id', l.id,
	'at', to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
		|| CASE WHEN l.at < '0001-01-01 00:00:00Z' THEN ' BC' ELSE '' END,
	'actor', json_build_object('id', l.actor_id, 'kind', l.actor_kind),
	'session_id', l.session_id, 'ip', l.ip, 'user_agent', l.user_agent, 'action', l.action,
	'permission', l.permission,
	'entity', CASE WHEN l.entity_kind IS NOT NULL OR l.entity_id IS NOT NULL
		THEN json_build_object('kind', l.entity_kind, 'id', l.entity_id) END,
	'outcome', l.outcome, 'error', l.error, 'changes', l.changes, 'phone_hash', l.phone_hash,
	'count', l.count, 'request_id', l.request_id)::text
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS i (writer_id, first, last, ord)
CROSS JOIN LATERAL (
	SELECT * FROM audit_log
	WHERE writer_id = i.writer_id AND seq BETWEEN i.first AND i.last OFFSET 0) l
ORDER BY i.ord, l.seq
