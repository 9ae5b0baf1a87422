-- Locks one's own writer row, at the beginning of a transaction that rests on the state of a batch:
-- who changes such a state waits for it (ops/fence.h).
-- $1 id bigint
-- -> writer
SELECT id FROM audit_writers WHERE id = $1::bigint FOR UPDATE
