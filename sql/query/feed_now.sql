-- The end of the audit trail at this moment: where each writer stands that may still write, or whose
-- registration is so young that an older one may still come to light. Other writers have come to their end.
-- -> feed_writer
WITH settled AS (
	SELECT coalesce((SELECT id FROM audit_writers WHERE created_at < now() - interval '10 minutes'
		ORDER BY id DESC LIMIT 1), 0) AS id
)
SELECT w.id AS writer_id, w.seq AS after, w.seq, w.seq + 1 AS first, w.created_at, false AS ended,
	s.id AS settled
FROM settled s CROSS JOIN audit_writers w
WHERE w.closed_at IS NULL OR w.id > s.id
ORDER BY w.id
