-- The moment that a backup is of: inside a transaction of one snapshot, which pg_dump is to share.
-- -> backup_origin
SELECT pg_export_snapshot()::text AS snapshot, now() AS made_at,
	(SELECT max(version)::bigint FROM schema_migrations) AS schema
