-- Closes a writer, whose connection registers anew then; waits for the transaction that it is in.
-- $1 writer_id bigint
UPDATE audit_writers SET closed_at = now() WHERE id = $1::bigint AND closed_at IS NULL
