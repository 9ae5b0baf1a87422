-- Up to which seal the owner of the database wants rows to be dropped, where that seal is as old as the
-- retention says; 0: nothing.
-- $1 keep_days bigint
-- -> count
SELECT coalesce((SELECT s.id FROM audit_sealer z JOIN audit_seals s ON s.id = z.drop_to
	WHERE z.id = 1 AND $1::bigint > 0 AND s.at < now() - $1::bigint * interval '1 day'), 0) AS count
