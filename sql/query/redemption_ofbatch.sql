-- One page of the redemptions of a batch of few codes, newest first, by its codes, one look into an index
-- for each: what else was redeemed since is not read.
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
-- $12 before uuid
-- $13 limit bigint
-- -> redemption
WITH codes AS MATERIALIZED (
	SELECT id, code FROM promo_codes WHERE batch_id = $5::uuid
), fitting AS MATERIALIZED (
	SELECT r.id FROM codes p
	CROSS JOIN LATERAL (SELECT * FROM redemptions WHERE promo_code_id = p.id OFFSET 0) r
	LEFT JOIN LATERAL (SELECT * FROM customers WHERE id = r.customer_id
		AND ($1::text IS NOT NULL OR $4::text IS NOT NULL) LIMIT 1) c ON true
	WHERE ($1::text IS NULL
			OR strpos(lower(concat_ws(' ', c.first_name, c.last_name)), lower($1::text)) > 0
			OR strpos(c.phone_number, regexp_replace($1::text, '^0(?=.)', '')) > 0
			OR p.code >= $10::text AND p.code < $11::text)
		AND ($2::uuid IS NULL OR r.promo_code_id = $2::uuid)
		AND ($3::uuid IS NULL OR r.customer_id = $3::uuid)
		AND ($4::text IS NULL OR c.phone_number = $4::text)
		AND ($6::uuid IS NULL OR r.user_id = $6::uuid)
		AND ($7::text[] IS NULL OR r.status = ANY ($7::text[]))
		AND ($8::timestamptz IS NULL OR r.created_at >= $8::timestamptz)
		AND ($9::timestamptz IS NULL OR r.created_at < $9::timestamptz)
		AND ($12::uuid IS NULL OR r.id < $12::uuid)
	ORDER BY r.id DESC LIMIT $13::bigint
)
SELECT r.* FROM fitting f
CROSS JOIN LATERAL (SELECT * FROM redemption_rows WHERE id = f.id LIMIT 1) r
ORDER BY f.id DESC;
