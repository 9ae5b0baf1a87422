-- Ends the connection that holds a job and does not go on, unless it has begun something else meanwhile.
-- $1 backend bigint
-- $2 since timestamptz
-- -> columns
SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a
WHERE a.pid = $1::bigint AND date_trunc('milliseconds', a.state_change) = $2::timestamptz
	AND a.wait_event = 'ClientRead';
