-- The alerts that one row of the audit trail says were acknowledged together, as they are now.
-- $1 writer_id bigint
-- $2 seq bigint
-- -> alert
SELECT r.*
FROM audit_log l
CROSS JOIN LATERAL jsonb_array_elements_text(l.changes -> 0 -> 'after') AS i (id)
CROSS JOIN LATERAL (SELECT * FROM alert_rows WHERE id = i.id::uuid LIMIT 1) r
WHERE l.writer_id = $1::bigint AND l.seq = $2::bigint
