-- When the first of some days begins and the last one is over, in the shop's time zone. A day is a
-- date, or an instant that lies in it. What no time of the API can name is moved to what it can.
-- $1 from text
-- $2 to text
-- $3 zone text
-- -> day_range
SELECT
	(SELECT least(greatest(d.at, '1970-01-02 00:00Z'), '9999-12-30 00:00Z')
		FROM (SELECT (CASE
			WHEN length($1::text) = 10 THEN $1::text::date
			ELSE ($1::text::timestamptz AT TIME ZONE $3::text)::date
		END)::timestamp AT TIME ZONE $3::text AS at) d
		WHERE $1::text IS NOT NULL) AS begins_at,
	(SELECT least(greatest(d.at, '1970-01-02 00:00Z'), '9999-12-30 00:00Z')
		FROM (SELECT (CASE
			WHEN length($2::text) = 10 THEN $2::text::date
			ELSE ($2::text::timestamptz AT TIME ZONE $3::text)::date
		END + 1)::timestamp AT TIME ZONE $3::text AS at) d
		WHERE $2::text IS NOT NULL) AS ends_at;
