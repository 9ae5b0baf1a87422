-- How many redemptions there are.
-- planned anew
-- $1 q text
-- $2 code_id uuid
-- $3 customer_id uuid
-- $4 phone_number text
-- $5 batch_id uuid
-- $6 user_id uuid
-- $7 status text[]
-- $8 from timestamptz
-- $9 to timestamptz
-- $10 begins text codes that begin with it, and are less than ...
-- $11 beyond text
-- -> count
SELECT count(*) AS count FROM redemptions r
-- Where they are not asked for they are not joined.
LEFT JOIN customers c ON c.id = r.customer_id
LEFT JOIN promo_codes p ON p.id = r.promo_code_id
WHERE ($1::text IS NULL
		OR strpos(lower(concat_ws(' ', c.first_name, c.last_name)), lower($1::text)) > 0
		OR strpos(c.phone_number, regexp_replace($1::text, '^0(?=.)', '')) > 0
		OR p.code >= $10::text AND p.code < $11::text)
	AND ($2::uuid IS NULL OR r.promo_code_id = $2::uuid)
	AND ($3::uuid IS NULL OR r.customer_id = $3::uuid)
	AND ($4::text IS NULL OR c.phone_number = $4::text)
	AND ($5::uuid IS NULL OR p.batch_id = $5::uuid)
	AND ($6::uuid IS NULL OR r.user_id = $6::uuid)
	AND ($7::text[] IS NULL OR r.status = ANY ($7::text[]))
	AND ($8::timestamptz IS NULL OR r.created_at >= $8::timestamptz)
	AND ($9::timestamptz IS NULL OR r.created_at < $9::timestamptz)
	-- Ids rise with time: what lies far from these days is not read.
	AND ($8::timestamptz IS NULL OR r.id >= promo_id_at($8::timestamptz - interval '1 day'))
	AND ($9::timestamptz IS NULL OR r.id < promo_id_at($9::timestamptz + interval '1 day'));
