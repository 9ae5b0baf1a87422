-- Of how many of the past days no more than so much was redeemed; NULL: of all that are asked for.
-- $1 days bigint
-- $2 most bigint
-- $3 zone text
-- -> columns
SELECT (now() AT TIME ZONE $3::text)::date - max(s.day) - 1
FROM (SELECT t.day, sum(sum(t.redeemed)) OVER (ORDER BY t.day DESC) AS redeemed
	FROM totals t WHERE t.day >= (now() AT TIME ZONE $3::text)::date - $1::bigint::integer
	GROUP BY t.day) s
WHERE s.redeemed > $2::bigint
