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
	SELECT id FROM redemptions WHERE $11::uuid IS NULL OR id < $11::uuid
	ORDER BY id DESC LIMIT $10::bigint
)
SELECT r.* FROM near n JOIN redemption_rows r ON r.id = n.id
WHERE (strpos(lower(concat_ws(' ', "customer.first_name", "customer.last_name")), lower($1::text)) > 0
		OR strpos("customer.phone_number", regexp_replace($1::text, '^0(?=.)', '')) > 0)
	AND ($2::uuid IS NULL OR code_id = $2::uuid)
	AND ($3::uuid IS NULL OR "customer.id" = $3::uuid)
	AND ($4::text IS NULL OR "customer.phone_number" = $4::text)
	AND ($5::uuid IS NULL OR "batch.id" = $5::uuid)
	AND ($6::uuid IS NULL OR "user.id" = $6::uuid)
	AND ($7::text[] IS NULL OR status = ANY ($7::text[]))
	AND ($8::timestamptz IS NULL OR created_at >= $8::timestamptz)
	AND ($9::timestamptz IS NULL OR created_at < $9::timestamptz)
ORDER BY id DESC
LIMIT $12::bigint;
