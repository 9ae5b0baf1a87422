-- Where a backup lies.
-- $1 id uuid
-- -> backup_file
SELECT id, kind, status, path, size_bytes, sha256 FROM backups WHERE id = $1::uuid
