-- The other writers of the audit trail that may still write.
-- $1 own bigint
-- -> writer
SELECT id FROM audit_writers WHERE id <> $1::bigint AND closed_at IS NULL ORDER BY id
