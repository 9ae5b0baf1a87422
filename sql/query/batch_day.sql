-- The day that a date or an instant names in the shop's time zone, whether it is over, and whether it
-- ends in a year that no time of the API can name.
-- $1 day text
-- $2 zone text
-- -> batch_day
SELECT d.day, d.day < (now() AT TIME ZONE $2::text)::date AS past,
	(d.day + 1)::timestamp AT TIME ZONE $2::text >= '10000-01-01 00:00Z' AS beyond
FROM (SELECT CASE
	WHEN length($1::text) = 10 THEN $1::text::date
	ELSE ($1::text::timestamptz AT TIME ZONE $2::text)::date
END AS day) d;
