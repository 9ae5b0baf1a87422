-- Notes that a backup was restored on trial and found whole.
-- $1 id uuid
UPDATE backups SET verified_at = now() WHERE id = $1::uuid
