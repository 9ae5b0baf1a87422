-- Notes why a job cannot come to its end: from now on it takes back what it did.
-- $1 id uuid
-- $2 fence bigint
-- $3 error_code text
-- $4 error_detail text
UPDATE jobs SET error_code = coalesce(error_code, $3::text),
	error_detail = coalesce(error_detail, $4::text)
WHERE id = $1::uuid AND fence = $2::bigint AND status = 'running';
