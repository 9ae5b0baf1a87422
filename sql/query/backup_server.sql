-- The server and the database that this session is connected to, and who else is.
-- -> backup_server
SELECT (current_setting('server_version_num')::integer / 10000)::bigint AS major,
	d.datname::text AS name, d.oid::bigint AS oid, d.datcollate::text AS collation,
	d.datctype::text AS ctype,
	(SELECT count(*) FROM pg_stat_activity a WHERE a.datid = d.oid
		AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend') AS others
FROM pg_database d WHERE d.datname = current_database()
