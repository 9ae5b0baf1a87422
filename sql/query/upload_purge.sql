-- Takes away some of the files that were sent and that no job will read: nobody came to their end. Who
-- touches one meanwhile keeps it.
-- $1 seconds bigint
DELETE FROM uploads WHERE touched_at < now() - make_interval(secs => $1::bigint::double precision)
AND id IN (
	SELECT u.id FROM uploads u
	WHERE u.touched_at < now() - make_interval(secs => $1::bigint::double precision)
		AND NOT EXISTS (SELECT FROM jobs j WHERE j.id = u.id AND j.finished_at IS NULL)
	ORDER BY u.touched_at LIMIT 4);
