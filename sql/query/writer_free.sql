-- The other writers that are in no transaction at this moment, passed by a lock on all of them.
-- $1 own bigint
-- -> writer
SELECT id FROM audit_writers WHERE id <> $1::bigint AND closed_at IS NULL ORDER BY id FOR SHARE SKIP LOCKED
