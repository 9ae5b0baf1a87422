-- Whether the database knows a time zone by this name.
-- $1 name text
-- -> count
SELECT count(*) AS count FROM pg_timezone_names WHERE name = $1::text
