-- A backup that is to be taken away: nobody else changes it until then.
-- $1 id uuid
-- -> backup_file
SELECT id, kind, status, path, size_bytes, sha256 FROM backups WHERE id = $1::uuid FOR UPDATE
