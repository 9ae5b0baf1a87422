-- Appends a part to a file that is being sent; one that is there already stays.
-- $1 id uuid
-- $2 part integer
-- $3 bytes bytea
WITH file AS (
	INSERT INTO uploads (id) VALUES ($1::uuid)
	ON CONFLICT (id) DO UPDATE SET touched_at = now() RETURNING id)
INSERT INTO upload_parts (upload_id, part, bytes)
SELECT id, $2::integer, $3::bytea FROM file
ON CONFLICT (upload_id, part) DO NOTHING;
