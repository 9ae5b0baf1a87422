-- For how many seconds the oldest row of the audit trail waits for its seal; 0: none does.
-- -> columns
SELECT coalesce(greatest(extract(epoch FROM now() - min(l.at)), 0), 0)::bigint
FROM audit_writers w LEFT JOIN audit_sealed s ON s.writer_id = w.id
CROSS JOIN LATERAL (
	SELECT at FROM audit_log WHERE writer_id = w.id AND seq > coalesce(s.seq, 0)
	ORDER BY seq LIMIT 1) l
WHERE w.seq > coalesce(s.seq, 0)
