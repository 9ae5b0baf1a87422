-- Which rows of each writer are not sealed yet. A writer's rows become visible in their order and
-- without gaps, so all of them are there.
-- -> seal_due
SELECT w.id AS writer_id, coalesce(s.seq, 0) + 1 AS "from", w.seq AS "to",
	date_trunc('milliseconds', now()) AS at
FROM audit_writers w LEFT JOIN audit_sealed s ON s.writer_id = w.id
WHERE w.seq > coalesce(s.seq, 0)
ORDER BY w.id
