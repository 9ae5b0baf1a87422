-- Notes where an import stands after a chunk.
-- $1 job_id uuid
-- $2 position bigint
-- $3 line bigint
-- $4 rows_read bigint
-- $5 accepted bigint
-- $6 rejected bigint
-- $7 duplicates bigint
-- $8 redeemed bigint
-- $9 blocked bigint
-- $10 unlike_ours boolean
-- $11 reject_parts integer
UPDATE imports SET position = $2::bigint, line = $3::bigint, rows_read = $4::bigint,
	accepted = $5::bigint, rejected = $6::bigint, duplicates = $7::bigint,
	redeemed = $8::bigint, blocked = $9::bigint, unlike_ours = $10::boolean,
	reject_parts = $11::integer
WHERE job_id = $1::uuid;
