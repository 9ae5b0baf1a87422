-- The next codes of a batch that a job has to change, by serial, whatever the job has changed before.
-- planned anew
-- $1 batch_id uuid
-- $2 status text[]
-- $3 part text as LIKE takes it
-- $4 created_after timestamptz
-- $5 created_before timestamptz
-- $6 after integer
-- $7 last integer
-- $8 limit bigint
-- -> code_next
SELECT p.id, p.serial::text AS place FROM promo_codes_effective p
WHERE p.batch_id = $1::uuid
	AND ($2::text[] IS NULL OR p.effective_status = ANY ($2::text[]))
	AND ($3::text IS NULL OR p.code LIKE $3::text)
	AND ($4::timestamptz IS NULL OR p.created_at >= $4::timestamptz)
	AND ($5::timestamptz IS NULL OR p.created_at < $5::timestamptz)
	AND p.serial > $6::integer AND p.serial <= $7::integer
ORDER BY p.serial
LIMIT $8::bigint;
