-- The writers that still write into parts before the newest.
-- -> writer
SELECT w.id FROM audit_writers w
WHERE w.closed_at IS NULL AND w.id < (SELECT max(id) * 1000000000 FROM audit_parts)
ORDER BY w.id
