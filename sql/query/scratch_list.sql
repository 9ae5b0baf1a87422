-- Databases that a backup was restored into on behalf of this one, and that nobody works on any more; or all that
-- there are, whoever does.
-- $1 all boolean
-- -> backup_database
SELECT s.datname::text AS name
FROM pg_database d
JOIN pg_database s ON s.datname ~ format('^promo_(restore_%1$s|check_%1$s_[0-9a-f]{32})$', d.oid)
WHERE d.datname = current_database()
	AND ($1::boolean OR NOT EXISTS (SELECT FROM jobs j
		WHERE j.kind = 'restore_check' AND j.status IN ('queued', 'running')
			AND s.datname = format('promo_check_%s_%s', d.oid,
				replace(j.params ->> 'backup_id', '-', ''))))
ORDER BY s.datname
