-- What the audit trail says of a code and of the downloads of its batch since it exists, newest first:
-- what audit_search knows, and of each writer the rows that it does not know yet, at most so many.
-- $1 code_id uuid
-- $2 batch_id uuid
-- $3 since timestamptz
-- $4 changed_at timestamptz of the last change that names no code
-- $5 behind bigint
-- $6 limit bigint
-- -> code_event
WITH behind AS MATERIALIZED (
	SELECT l.writer_id, l.seq, l.at, l.action, l.entity_id
	FROM audit_writers w LEFT JOIN audit_search_positions p ON p.writer_id = w.id
	CROSS JOIN LATERAL (
		SELECT * FROM audit_log
		WHERE writer_id = w.id AND seq > coalesce(p.seq, 0) ORDER BY seq LIMIT $5::bigint) l
	WHERE w.seq > coalesce(p.seq, 0)
), found AS (
	SELECT writer_id, seq FROM audit_search WHERE entity_id = $1::uuid
	UNION
	SELECT writer_id, seq FROM audit_search
	WHERE entity_id = $2::uuid AND at >= $3::timestamptz
		AND action IN ('code.download', 'code.print', 'batch.export')
	UNION
	SELECT writer_id, seq FROM audit_search WHERE action = 'code.bulk' AND at > $4::timestamptz - interval '1 ms'
		AND at < $4::timestamptz + interval '1 ms'
	UNION
	SELECT writer_id, seq FROM behind
	WHERE entity_id = $1::uuid OR (action = 'code.bulk' AND at > $4::timestamptz - interval '1 ms'
		AND at < $4::timestamptz + interval '1 ms')
		OR (entity_id = $2::uuid AND at >= $3::timestamptz
			AND action IN ('code.download', 'code.print', 'batch.export'))
)
SELECT l.at, l.action, l.outcome, l.error, u.id AS "by.id",
	u.first_name || ' ' || u.last_name AS "by.name", l.count, l.changes
FROM found f
JOIN audit_log l ON l.writer_id = f.writer_id AND l.seq = f.seq
LEFT JOIN users u ON u.id = l.actor_id
ORDER BY l.at DESC, l.id DESC
LIMIT $6::bigint;
