-- The file that a job has made, if it has; of others only where own_by is null.
-- $1 id uuid
-- $2 own_by uuid
-- -> made_file
SELECT kind, CASE WHEN status = 'succeeded' THEN result ->> 'filename' END AS filename,
	coalesce((result ->> 'bytes')::bigint, 0) AS bytes,
	result ->> 'sha256' AS sha256
FROM jobs WHERE id = $1::uuid AND ($2::uuid IS NULL OR created_by = $2::uuid);
