-- Registers a connection as a writer of the audit trail.
-- $1 process text
-- -> writer
INSERT INTO audit_writers (process) VALUES ($1::text) RETURNING id
