-- Where sign-ins stand that failed, and what the account knows: a row for each subject that has one.
-- $1 subjects text[]
-- $2 known_days bigint
-- -> signin
SELECT subject, count AS failures, since AS last, blocked_until,
	coalesce(succeeded_at > now() - $2::bigint * interval '1 day', false) AS known,
	clock_timestamp() AS at
FROM throttles
WHERE kind = 'signin' AND subject = ANY ($1::text[])
