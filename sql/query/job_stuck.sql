-- The jobs whose lease has ended in the middle of a transaction that holds them and waits for its client:
-- since when it waits or writes a COPY, and how much came of that so far. Whoever sends one statement
-- after the other waits between them, too, but since another moment each time. What a transaction holds it
-- says by the name of its connection, also through a pooler.
-- -> job_stuck
SELECT j.id, a.pid::bigint AS backend, a.state_change AS since, coalesce(c.bytes_processed, 0) AS bytes
FROM jobs j
JOIN pg_stat_activity a ON a.application_name = 'job ' || j.id AND a.datname = current_database()
LEFT JOIN pg_stat_progress_copy c ON c.pid = a.pid
WHERE j.status = 'running' AND j.lease_until < clock_timestamp()
	AND a.wait_event = 'ClientRead' AND a.xact_start < j.lease_until
	AND pg_has_role(a.usesysid, 'MEMBER')
ORDER BY j.lease_until
LIMIT 64;
