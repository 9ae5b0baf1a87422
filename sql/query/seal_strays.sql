-- Rows that their writer never wrote.
-- -> columns
SELECT l.writer_id, l.seq FROM audit_log l LEFT JOIN audit_writers w ON w.id = l.writer_id
WHERE w.id IS NULL OR l.seq > w.seq OR l.seq < 1
ORDER BY l.writer_id, l.seq
LIMIT 1001
