-- Backups that are kept no longer; never the last one that there is.
-- -> backup_file
SELECT b.id, b.kind, b.status, b.path, b.size_bytes, b.sha256
FROM backups b
WHERE b.expires_at < now() AND b.status <> 'running'
	AND b.id <> coalesce((SELECT l.id FROM backups l WHERE l.status = 'succeeded'
		ORDER BY l.created_at DESC, l.id DESC LIMIT 1), '00000000-0000-0000-0000-000000000000')
ORDER BY b.created_at
LIMIT 100
FOR UPDATE SKIP LOCKED
