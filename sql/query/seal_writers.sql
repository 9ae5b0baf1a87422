-- Every writer of the audit trail and how many rows it says to have written.
-- -> columns
SELECT id, seq FROM audit_writers
