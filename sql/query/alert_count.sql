-- How many alerts there are.
-- planned anew
-- $1 status text[]
-- $2 severity text[]
-- $3 kind text[]
-- $4 hidden text[] kinds that who asks may not see
-- $5 q text
-- $6 from timestamptz
-- $7 to timestamptz
-- -> count
SELECT count(*) AS count FROM alert_rows
WHERE ($1::text[] IS NULL OR status = ANY ($1::text[]))
	AND ($2::text[] IS NULL OR severity = ANY ($2::text[]))
	AND ($3::text[] IS NULL OR kind = ANY ($3::text[]))
	AND ($4::text[] IS NULL OR kind <> ALL ($4::text[]))
	AND ($5::text IS NULL OR strpos(lower(title), lower($5::text)) > 0
		OR strpos(lower(note), lower($5::text)) > 0
		OR strpos(evidence::text, lower($5::text)) > 0 OR id::text = lower($5::text))
	AND ($6::timestamptz IS NULL OR last_at >= $6::timestamptz)
	AND ($7::timestamptz IS NULL OR first_at < $7::timestamptz);
