-- The cases that a filter means, at most so many.
-- planned anew
-- $1 status text[]
-- $2 priority text[]
-- $3 q text
-- $4 from timestamptz
-- $5 to timestamptz
-- $6 limit bigint
-- -> id
SELECT id FROM fraud_report_rows
WHERE ($1::text[] IS NULL OR status = ANY ($1::text[]))
	AND ($2::text[] IS NULL OR priority = ANY ($2::text[]))
	AND ($3::text IS NULL OR strpos(number, upper($3::text)) > 0
		OR strpos(lower(description), lower($3::text)) > 0
		OR strpos(lower(concat_ws(' ', "claimant.first_name", "claimant.last_name")),
			lower($3::text)) > 0
		OR strpos("claimant.phone_number", regexp_replace($3::text, '^0(?=.)', '')) > 0)
	AND ($4::timestamptz IS NULL OR created_at >= $4::timestamptz)
	AND ($5::timestamptz IS NULL OR created_at < $5::timestamptz)
ORDER BY id
LIMIT $6::bigint;
