-- The number of the next part of the audit trail, where the newest began so long ago; else no row.
-- $1 days bigint
-- -> count
SELECT max(id) + 1 AS count FROM audit_parts
HAVING max(began_at) < now() - $1::bigint * interval '1 day'
