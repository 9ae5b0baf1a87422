-- Closes the writers that wrote nothing for so long; waits for the transaction of one that is about
-- to.
-- $1 idle_s bigint
UPDATE audit_writers SET closed_at = now()
WHERE closed_at IS NULL AND last_at < now() - $1::bigint * interval '1 second'
