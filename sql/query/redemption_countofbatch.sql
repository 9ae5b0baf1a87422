-- How many redemptions of a batch there are, by its codes.
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
WITH codes AS MATERIALIZED (
	SELECT id FROM promo_codes WHERE batch_id = $5::uuid
), fitting AS MATERIALIZED (
	SELECT r.id FROM codes c
	CROSS JOIN LATERAL (SELECT * FROM redemptions WHERE promo_code_id = c.id OFFSET 0) r
	WHERE ($2::uuid IS NULL OR r.promo_code_id = $2::uuid)
		AND ($3::uuid IS NULL OR r.customer_id = $3::uuid)
		AND ($6::uuid IS NULL OR r.user_id = $6::uuid)
		AND ($7::text[] IS NULL OR r.status = ANY ($7::text[]))
		AND ($8::timestamptz IS NULL OR r.created_at >= $8::timestamptz)
		AND ($9::timestamptz IS NULL OR r.created_at < $9::timestamptz)
)
SELECT count(*) AS count FROM fitting f
CROSS JOIN LATERAL (SELECT * FROM redemption_rows WHERE id = f.id LIMIT 1) r
WHERE ($1::text IS NULL
		OR strpos(lower(concat_ws(' ', r."customer.first_name", r."customer.last_name")),
			lower($1::text)) > 0
		OR strpos(r."customer.phone_number", regexp_replace($1::text, '^0(?=.)', '')) > 0
		OR r.code >= $10::text AND r.code < $11::text)
	AND ($4::text IS NULL OR r."customer.phone_number" = $4::text);
