-- Keeps a file that was sent for its job, if all of it is there.
-- $1 id uuid
-- $2 bytes bigint
UPDATE uploads SET touched_at = now()
WHERE id = $1::uuid AND $2::bigint = (
	SELECT sum(octet_length(bytes)) FROM upload_parts WHERE upload_id = $1::uuid);
