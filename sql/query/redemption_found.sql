-- One page of the redemptions that fit, newest first, by the pieces of what is looked for and by how
-- codes begin; and of the newest, whose customers it may not know yet.
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
-- $10 begins text codes that begin with it, and are less than ...
-- $11 beyond text
-- $12 depth bigint
-- $13 before uuid
-- $14 limit bigint
-- -> redemption
WITH who AS MATERIALIZED (
	SELECT customer_id FROM customer_search
	WHERE (promo_pieces(text) @> promo_pieces(lower($1::text))
			OR promo_pieces(text) @> promo_pieces(regexp_replace($1::text, '^0(?=.)', '')))
		AND (strpos(split_part(text, E'\n', 1), lower($1::text)) > 0
			OR strpos(split_part(text, E'\n', 2), regexp_replace($1::text, '^0(?=.)', '')) > 0)
), near AS MATERIALIZED (
	SELECT n.id FROM (
		SELECT id, customer_id, promo_code_id FROM redemptions
		WHERE ($13::uuid IS NULL OR id < $13::uuid)
			AND ($8::timestamptz IS NULL OR id >= (lpad(to_hex(greatest(floor(extract(epoch FROM $8::timestamptz - interval '1 day')
					* 1000)::bigint, 0)), 12, '0') || repeat('0', 20))::uuid)
			AND ($9::timestamptz IS NULL OR id < (lpad(to_hex(greatest(floor(extract(epoch FROM $9::timestamptz + interval '1 day')
					* 1000)::bigint, 0)), 12, '0') || repeat('0', 20))::uuid)
		ORDER BY id DESC LIMIT $12::bigint) n
	LEFT JOIN LATERAL (SELECT * FROM customers WHERE id = n.customer_id LIMIT 1) c ON true
	WHERE $1::text IS NULL
		OR strpos(lower(concat_ws(' ', c.first_name, c.last_name)), lower($1::text)) > 0
		OR strpos(c.phone_number, regexp_replace($1::text, '^0(?=.)', '')) > 0
		OR ($10::text IS NOT NULL AND EXISTS (SELECT FROM promo_codes
			WHERE id = n.promo_code_id AND code >= $10::text AND code < $11::text))
), fitting AS MATERIALIZED (
	SELECT r.id FROM who w
	CROSS JOIN LATERAL (SELECT id FROM redemptions WHERE customer_id = w.customer_id
		AND ($13::uuid IS NULL OR id < $13::uuid) OFFSET 0) r
	UNION
	SELECT r.id FROM promo_codes p
	CROSS JOIN LATERAL (SELECT id FROM redemptions WHERE promo_code_id = p.id
		AND ($13::uuid IS NULL OR id < $13::uuid) OFFSET 0) r
	WHERE p.code >= $10::text AND p.code < $11::text
	UNION
	SELECT id FROM near
)
SELECT r.* FROM fitting f
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
LIMIT $14::bigint;
