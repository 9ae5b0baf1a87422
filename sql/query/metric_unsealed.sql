-- How many rows of the audit trail wait for their seal.
-- -> columns
SELECT coalesce(sum(greatest(w.seq - coalesce(s.seq, 0), 0)), 0)::bigint
FROM audit_writers w LEFT JOIN audit_sealed s ON s.writer_id = w.id
