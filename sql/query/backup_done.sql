-- Notes that a backup is made. One that was made by itself is kept for so many days.
-- $1 id uuid
-- $2 path text
-- $3 size_bytes bigint
-- $4 sha256 text
-- $5 counts text
-- $6 keep_days bigint
UPDATE backups SET status = 'succeeded', path = $2::text, size_bytes = $3::bigint,
	sha256 = $4::text, counts = $5::text::jsonb,
	expires_at = CASE WHEN kind <> 'manual'
		THEN created_at + make_interval(days => $6::bigint::integer) END
WHERE id = $1::uuid
