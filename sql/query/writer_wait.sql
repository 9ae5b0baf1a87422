-- Waits for the transaction in which a writer is at this moment.
-- $1 id bigint
-- -> writer
SELECT id FROM audit_writers WHERE id = $1::bigint FOR SHARE
