-- Takes a file that lies in the folder of backups into the list: as a new one, or where it is not known as made.
-- Such a backup is kept until somebody deletes it.
-- $1 id uuid
-- $2 path text
-- $3 size_bytes bigint
-- $4 sha256 text
-- $5 created_at timestamptz
INSERT INTO backups (id, kind, status, path, size_bytes, sha256, created_at)
VALUES ($1::uuid, 'manual', 'succeeded', $2::text, $3::bigint, $4::text, $5::timestamptz)
ON CONFLICT (id) DO UPDATE SET status = 'succeeded', path = excluded.path,
	size_bytes = excluded.size_bytes, sha256 = excluded.sha256, expires_at = NULL
WHERE backups.status <> 'succeeded'
