-- Forgets a backup.
-- $1 id uuid
DELETE FROM backups WHERE id = $1::uuid
