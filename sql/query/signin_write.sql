-- Where a subject stands now; its row is locked.
-- $1 subject text
-- $2 failures bigint
-- $3 last timestamptz
-- $4 blocked_until timestamptz
UPDATE throttles
SET count = $2::bigint, since = $3::timestamptz, blocked_until = $4::timestamptz
WHERE kind = 'signin' AND subject = $1::text
