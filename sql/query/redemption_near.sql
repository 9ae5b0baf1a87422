-- The newest of so many redemptions whose customers fit, newest first: what many fit is found here.
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
-- $10 depth bigint
-- $11 before uuid
-- $12 limit bigint
-- -> redemption
WITH near AS MATERIALIZED (
	SELECT n.id FROM (
		SELECT id, customer_id FROM redemptions WHERE $11::uuid IS NULL OR id < $11::uuid
		ORDER BY id DESC LIMIT $10::bigint) n
	CROSS JOIN LATERAL (SELECT * FROM customers WHERE id = n.customer_id LIMIT 1) c
	WHERE (strpos(lower(concat_ws(' ', c.first_name, c.last_name)), lower($1::text)) > 0
			OR strpos(c.phone_number, regexp_replace($1::text, '^0(?=.)', '')) > 0)
)
SELECT r.* FROM near f
CROSS JOIN LATERAL (SELECT * FROM redemption_rows WHERE id = f.id LIMIT 1) r
WHERE ($2::uuid IS NULL OR r.code_id = $2::uuid)
	AND ($3::uuid IS NULL OR r."customer.id" = $3::uuid)
	AND ($4::text IS NULL OR r."customer.phone_number" = $4::text)
	AND ($5::uuid IS NULL OR r."batch.id" = $5::uuid)
	AND ($6::uuid IS NULL OR r."user.id" = $6::uuid)
	AND ($7::text[] IS NULL OR r.status = ANY ($7::text[]))
	AND ($8::timestamptz IS NULL OR r.created_at >= $8::timestamptz)
	AND ($9::timestamptz IS NULL OR r.created_at < $9::timestamptz)
ORDER BY r.id DESC
LIMIT $12::bigint;
