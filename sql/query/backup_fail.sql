-- Notes that a backup was not made; that is told for so many days.
-- $1 id uuid
-- $2 keep_days bigint
UPDATE backups SET status = 'failed', path = NULL,
	expires_at = created_at + make_interval(days => $2::bigint::integer)
WHERE id = $1::uuid AND status = 'running'
