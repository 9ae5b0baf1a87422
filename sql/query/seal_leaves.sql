-- Rows of the audit trail as they are hashed (rules/seal.h), behind the number of the range that they
-- belong to.
-- $1 writer_id bigint[] of ranges
-- $2 from bigint[]
-- $3 to bigint[]
-- -> columns
SELECT i.ord, l.writer_id, l.seq, l.id,
	to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
		|| CASE WHEN l.at < '0001-01-01 00:00:00Z' THEN ' BC' ELSE '' END, l.actor_kind, l.actor_id,
	l.session_id, l.ip, l.user_agent, l.action, l.permission, l.entity_kind, l.entity_id, l.outcome,
	l.error, l.changes, l.phone_hash, l.count, l.request_id
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS i (writer_id, first, last, ord)
CROSS JOIN LATERAL (
	SELECT * FROM audit_log
	WHERE writer_id = i.writer_id AND seq BETWEEN i.first AND i.last OFFSET 0) l
ORDER BY i.ord, l.seq
