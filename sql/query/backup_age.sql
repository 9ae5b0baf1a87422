-- How many seconds ago the last backup was made that succeeded; without one: no row.
-- -> columns
SELECT greatest(extract(epoch FROM now() - created_at), 0)::bigint FROM backups
WHERE status = 'succeeded' ORDER BY created_at DESC LIMIT 1
