-- For how many seconds the oldest row of the audit trail stands behind a position; 0: none does.
-- $1 writer_id bigint[] of the position
-- $2 seq bigint[] of each
-- $3 settled bigint
-- -> columns
WITH place AS MATERIALIZED (
	SELECT i.writer_id, i.seq FROM unnest($1::bigint[], $2::bigint[]) AS i (writer_id, seq)
), due AS (
	SELECT w.id, p.seq AS after FROM place p JOIN audit_writers w ON w.id = p.writer_id
	WHERE w.seq > p.seq
	UNION ALL
	SELECT w.id, 0 FROM audit_writers w
	WHERE w.id > $3::bigint AND w.id <> ALL ($1::bigint[]) AND w.seq > 0
)
SELECT coalesce(greatest(extract(epoch FROM now() - min(l.at)), 0), 0)::bigint
FROM due d
CROSS JOIN LATERAL (SELECT at FROM audit_log WHERE writer_id = d.id AND seq > d.after
	ORDER BY seq LIMIT 1) l
