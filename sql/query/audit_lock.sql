-- Locks a writer of the audit trail, before anything else that its transaction writes: who blocks a
-- batch waits for the writers' rows, and then knows that nobody who read the batch before can still
-- commit.
-- $1 writer_id bigint
-- -> writer
SELECT id FROM audit_writers WHERE id = $1::bigint FOR UPDATE
