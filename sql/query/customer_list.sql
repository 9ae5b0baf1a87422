-- One page of customers, newest first.
-- planned anew
-- $1 q text
-- $2 before uuid
-- $3 limit bigint
-- -> customer
SELECT * FROM customer_rows
WHERE ($1::text IS NULL OR strpos(lower(concat_ws(' ', first_name, last_name)), lower($1::text)) > 0
		OR strpos(phone_number, regexp_replace($1::text, '^0(?=.)', '')) > 0
		OR strpos(lower(email), lower($1::text)) > 0 OR id::text = lower($1::text))
	AND ($2::uuid IS NULL OR id < $2::uuid)
ORDER BY id DESC
LIMIT $3::bigint;
