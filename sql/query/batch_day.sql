-- The day that a date or an instant names in the shop's time zone, and whether it is over.
-- $1 day text
-- $2 zone text
-- -> batch_day
SELECT d.day, d.day < (now() AT TIME ZONE $2::text)::date AS past
FROM (SELECT CASE
	WHEN length($1::text) = 10 THEN $1::text::date
	ELSE ($1::text::timestamptz AT TIME ZONE $2::text)::date
END AS day) d;
