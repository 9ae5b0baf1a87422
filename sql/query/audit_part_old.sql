-- The parts of the audit trail that may go, oldest first, and the seal by which all of their rows are
-- sealed: nothing in them was written, nor sealed, within the time that it is kept.
-- $1 keep_days bigint
-- -> columns
SELECT p.id, w.seal
FROM audit_parts p
CROSS JOIN LATERAL (
	SELECT coalesce(max(s.seal), 0) AS seal, coalesce(max(w.last_at), '-infinity') AS last_at,
		coalesce(bool_or(w.closed_at IS NULL OR w.seq > coalesce(s.seq, 0)), false) AS in_use
	FROM audit_writers w LEFT JOIN audit_sealed s ON s.writer_id = w.id
	WHERE w.id / 1000000000 = p.id) w
WHERE p.dropped_at IS NULL AND p.id < (SELECT max(id) FROM audit_parts)
	AND $1::bigint > 0 AND NOT w.in_use AND w.last_at < now() - $1::bigint * interval '1 day'
	AND (w.seal = 0 OR EXISTS (
		SELECT FROM audit_seals s
		WHERE s.id = w.seal AND s.at < now() - $1::bigint * interval '1 day'))
ORDER BY p.id
