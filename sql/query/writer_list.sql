-- The other writers of the audit trail.
-- $1 own bigint
-- -> writer
SELECT id FROM audit_writers WHERE id <> $1::bigint ORDER BY id
