-- When the last backup was made that succeeded; without one: no row.
-- -> moment
SELECT created_at AS at FROM backups WHERE status = 'succeeded' ORDER BY created_at DESC LIMIT 1
