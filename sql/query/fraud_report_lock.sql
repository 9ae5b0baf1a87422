-- Locks cases, in the order of their ids.
-- $1 ids uuid[]
-- -> fraud_lock
SELECT id, status FROM fraud_reports WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE;
