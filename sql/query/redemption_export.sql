-- All redemptions, newest first, as columns of a CSV file.
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
-- -> columns
SELECT id, code, "batch.batch_name", amount, currency, status, error_code, "customer.phone_number",
	"customer.first_name", "customer.last_name", "user.name", note, created_at, completed_at
FROM redemption_rows
WHERE ($1::text IS NULL
		OR strpos(lower(concat_ws(' ', "customer.first_name", "customer.last_name")),
			lower($1::text)) > 0
		OR strpos("customer.phone_number", regexp_replace($1::text, '^0(?=.)', '')) > 0
		OR code >= $10::text AND code < $11::text)
	AND ($2::uuid IS NULL OR code_id = $2::uuid)
	AND ($3::uuid IS NULL OR "customer.id" = $3::uuid)
	AND ($4::text IS NULL OR "customer.phone_number" = $4::text)
	AND ($5::uuid IS NULL OR "batch.id" = $5::uuid)
	AND ($6::uuid IS NULL OR "user.id" = $6::uuid)
	AND ($7::text[] IS NULL OR status = ANY ($7::text[]))
	AND ($8::timestamptz IS NULL OR created_at >= $8::timestamptz)
	AND ($9::timestamptz IS NULL OR created_at < $9::timestamptz)
	-- Ids rise with time: what lies far from these days is not read.
	AND ($8::timestamptz IS NULL OR id >= promo_id_at($8::timestamptz - interval '1 day'))
	AND ($9::timestamptz IS NULL OR id < promo_id_at($9::timestamptz + interval '1 day'))
ORDER BY id DESC;
