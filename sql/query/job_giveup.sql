-- Notes that a job was tried too often without getting on: from now on it takes back what it did.
-- $1 id uuid
-- $2 fence bigint
-- $3 error_code text
-- $4 tries bigint
UPDATE jobs SET error_code = coalesce(error_code, $3::text),
	error_detail = coalesce(error_detail, 'tried ' || $4::bigint || ' times without getting on; '
		|| 'the last time ' || coalesce(last_error, 'its worker vanished'))
WHERE id = $1::uuid AND fence = $2::bigint AND status = 'running';
