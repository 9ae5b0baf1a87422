-- How many letters there are in the outbox.
-- planned anew
-- $1 status text[]
-- $2 channel text
-- -> count
SELECT count(*) AS count
FROM outbox
WHERE ($1::text[] IS NULL OR status = ANY ($1::text[]))
	AND ($2::text IS NULL OR channel = $2::text);
