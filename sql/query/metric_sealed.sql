-- How long ago the audit trail was sealed; never: no row.
-- -> columns
SELECT greatest(extract(epoch FROM now() - at), 0)::bigint FROM audit_seals ORDER BY id DESC LIMIT 1
