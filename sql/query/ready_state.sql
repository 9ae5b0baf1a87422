-- What /readyz looks at in the database, in one look: the newest migration, for how long the job that
-- waits longest could have run and the letter that waits longest waits, and how old the database is.
-- -> ready
SELECT m.version, now() AS at,
	(SELECT maintenance FROM auth_state WHERE id = 1) AS maintenance,
	coalesce((SELECT extract(epoch FROM now() - min(greatest(created_at, run_after)))
		FROM jobs WHERE status = 'queued' AND run_after <= now()), 0)::bigint AS queued_s,
	coalesce((SELECT extract(epoch FROM now() - min(created_at))
		FROM outbox WHERE status = 'waiting'), 0)::bigint AS letters_s,
	extract(epoch FROM now() - m.since)::bigint AS age_s
FROM (SELECT max(version)::bigint AS version, min(applied_at) AS since FROM schema_migrations
	WHERE version > 0) m;
