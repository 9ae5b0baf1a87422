-- What a position in the audit trail has to learn: which of its writers wrote since, which are new,
-- which have come to their end and need not be remembered (feed_now.sql says when), and which are gone.
-- No row: nothing is new.
-- $1 writer_id bigint[] of the position
-- $2 seq bigint[] of each
-- $3 settled bigint
-- -> feed_writer
WITH place AS MATERIALIZED (
	SELECT i.writer_id, i.seq FROM unnest($1::bigint[], $2::bigint[]) AS i (writer_id, seq)
), settled AS MATERIALIZED (
	SELECT greatest($3::bigint, coalesce((SELECT id FROM audit_writers
		WHERE created_at < now() - interval '10 minutes' ORDER BY id DESC LIMIT 1), 0)) AS id
), due AS (
	SELECT p.writer_id, p.seq AS after, coalesce(w.seq, p.seq) AS seq,
		coalesce(w.created_at, now()) AS created_at,
		w.id IS NULL OR (w.closed_at IS NOT NULL AND w.id <= s.id) AS ended, w.id IS NULL AS gone
	FROM place p CROSS JOIN settled s
	LEFT JOIN LATERAL (SELECT * FROM audit_writers WHERE id = p.writer_id LIMIT 1) w ON true
	WHERE w.id IS NULL OR w.seq <> p.seq OR (w.closed_at IS NOT NULL AND w.id <= s.id)
	UNION ALL
	SELECT w.id, 0, w.seq, w.created_at, w.closed_at IS NOT NULL AND w.id <= s.id, false
	FROM settled s CROSS JOIN audit_writers w
	WHERE w.id > $3::bigint AND w.id <> ALL ($1::bigint[])
		AND (w.seq > 0 OR (w.closed_at IS NULL AND w.id <= s.id))
)
SELECT d.writer_id, d.after, d.seq,
	CASE WHEN d.gone THEN -1 ELSE coalesce((SELECT l.seq FROM audit_log l
		WHERE l.writer_id = d.writer_id AND l.seq > d.after ORDER BY l.seq LIMIT 1), 0) END AS first,
	d.created_at, d.ended, s.id AS settled
FROM due d CROSS JOIN settled s
ORDER BY d.writer_id
