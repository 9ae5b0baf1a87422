-- Where a user stands now; his row is locked.
-- $1 user text
-- $2 count bigint
-- $3 since timestamptz
-- $4 step bigint
-- $5 blocked_until timestamptz
-- $6 good bigint
-- $7 hour_count bigint
-- $8 hour_since timestamptz
-- $9 hour_alerted boolean
UPDATE throttles
SET count = $2::bigint, since = $3::timestamptz, step = $4::bigint,
	blocked_until = $5::timestamptz, good = $6::bigint, hour_count = $7::bigint,
	hour_since = $8::timestamptz, hour_alerted = $9::boolean
WHERE kind = 'guess' AND subject = $1::text;
