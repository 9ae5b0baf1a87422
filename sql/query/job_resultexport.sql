-- Notes what came of a job that made a file.
-- $1 id uuid
-- $2 fence bigint
-- $3 rows bigint
-- $4 bytes bigint
-- $5 sha256 text
UPDATE jobs SET result = jsonb_build_object('rows', $3::bigint, 'bytes', $4::bigint,
	'sha256', $5::text, 'filename', params ->> 'filename')
WHERE id = $1::uuid AND fence = $2::bigint;
