-- A page of backups, newest first.
-- $1 before uuid
-- $2 limit bigint
-- -> backup
SELECT * FROM backup_rows
WHERE $1::uuid IS NULL OR id < $1::uuid
ORDER BY id DESC
LIMIT $2::bigint
