-- The last time that a backup was due and that nobody has begun one for; of what was due while nothing ran, only
-- the last. A day's begins at a time of the shop's zone, a week's on Monday, a month's on the first.
-- $1 frequency text
-- $2 time text
-- $3 zone text
-- -> moment
SELECT d.at
FROM (SELECT CASE WHEN now() < t.this THEN t.before ELSE t.this END AS at
	FROM (SELECT (u.begins + $2::text::time) AT TIME ZONE $3::text AS this,
			(u.begins - u.every + $2::text::time) AT TIME ZONE $3::text AS before
		FROM (SELECT date_trunc(w.unit, now() AT TIME ZONE $3::text) AS begins,
				('1 ' || w.unit)::interval AS every
			FROM (SELECT CASE $1::text WHEN 'monthly' THEN 'month'
				WHEN 'weekly' THEN 'week' ELSE 'day' END AS unit) w) u) t) d
WHERE d.at > (SELECT min(m.applied_at) FROM schema_migrations m)
	AND NOT EXISTS (SELECT FROM backups b WHERE b.due_at >= d.at)
