-- How many registrations there are.
-- planned anew
-- $1 status text
-- -> count
SELECT count(*) AS count FROM registrations WHERE $1::text IS NULL OR status = $1::text
