-- Takes the next rows of each writer into what the audit trail is searched by. A writer's rows become
-- visible in their order and without gaps, so its position says all.
-- $1 rows bigint of each writer, at most
-- $2 limit bigint of all
WITH due AS (
	SELECT w.id, coalesce(p.seq, 0) AS seq
	FROM audit_writers w LEFT JOIN audit_search_positions p ON p.writer_id = w.id
	WHERE w.seq > coalesce(p.seq, 0)
), taken AS (
	SELECT l.* FROM due d
	CROSS JOIN LATERAL (
		SELECT writer_id, seq, at, id, actor_id, action, entity_kind, entity_id, outcome
		FROM audit_log WHERE writer_id = d.id AND seq > d.seq ORDER BY seq LIMIT $1::bigint) l
	ORDER BY l.writer_id, l.seq
	LIMIT $2::bigint
), found AS (
	INSERT INTO audit_search (writer_id, seq, at, id, actor_id, action, entity_kind, entity_id,
		outcome)
	SELECT * FROM taken
	ON CONFLICT (writer_id, seq) DO NOTHING
)
INSERT INTO audit_search_positions AS p (writer_id, seq)
SELECT writer_id, max(seq) FROM taken GROUP BY writer_id ORDER BY writer_id
ON CONFLICT (writer_id) DO UPDATE SET seq = greatest(p.seq, excluded.seq);
