-- How many seconds ago the last backup was made that succeeded; none: there is none.
-- -> count
SELECT extract(epoch FROM now() - max(created_at))::bigint AS count
FROM backups WHERE status = 'succeeded' HAVING max(created_at) IS NOT NULL
