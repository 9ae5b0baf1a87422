-- How many redemptions there are whose customers fit, by the pieces of what is looked for.
-- planned anew
-- $1 q text of three characters and more, also without a zero in front
-- $2 code_id uuid
-- $3 customer_id uuid
-- $4 phone_number text
-- $5 batch_id uuid
-- $6 user_id uuid
-- $7 status text[]
-- $8 from timestamptz
-- $9 to timestamptz
-- $10 depth bigint of the newest, whose customers may not be known yet
-- -> count
WITH who AS MATERIALIZED (
	SELECT customer_id FROM customer_search
	WHERE (promo_pieces(text) @> promo_pieces(lower($1::text))
			OR promo_pieces(text) @> promo_pieces(regexp_replace($1::text, '^0(?=.)', '')))
		AND (strpos(split_part(text, E'\n', 1), lower($1::text)) > 0
			OR strpos(split_part(text, E'\n', 2), regexp_replace($1::text, '^0(?=.)', '')) > 0)
), near AS MATERIALIZED (
	SELECT id FROM redemptions
	ORDER BY id DESC LIMIT $10::bigint
), fitting AS MATERIALIZED (
	SELECT r.id FROM who w JOIN redemptions r ON r.customer_id = w.customer_id
	UNION
	SELECT id FROM near
)
SELECT count(*) AS count FROM fitting f JOIN redemption_rows r ON r.id = f.id
WHERE (strpos(lower(concat_ws(' ', "customer.first_name", "customer.last_name")), lower($1::text)) > 0
		OR strpos("customer.phone_number", regexp_replace($1::text, '^0(?=.)', '')) > 0)
	AND ($2::uuid IS NULL OR code_id = $2::uuid)
	AND ($3::uuid IS NULL OR "customer.id" = $3::uuid)
	AND ($4::text IS NULL OR "customer.phone_number" = $4::text)
	AND ($5::uuid IS NULL OR "batch.id" = $5::uuid)
	AND ($6::uuid IS NULL OR "user.id" = $6::uuid)
	AND ($7::text[] IS NULL OR status = ANY ($7::text[]))
	AND ($8::timestamptz IS NULL OR created_at >= $8::timestamptz)
	AND ($9::timestamptz IS NULL OR created_at < $9::timestamptz);
