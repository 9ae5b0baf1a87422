-- What was the database before it was restored, as often as that was, the latest first.
-- $1 name text
-- -> backup_database
SELECT d.datname::text AS name
FROM pg_database d
WHERE starts_with(d.datname, $1::text || '_before_')
	AND substr(d.datname, length($1::text || '_before_') + 1) ~ '^[0-9]+$'
ORDER BY d.oid DESC
