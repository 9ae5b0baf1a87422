-- One page of the redemptions that fit, newest first, by the pieces of what is looked for and by how
-- codes begin, where that is few (customer_many.sql); and of the newest, whose customers the pieces may
-- not know yet.
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
), found AS MATERIALIZED (
	SELECT r.id FROM who w
	CROSS JOIN LATERAL (SELECT id FROM redemptions WHERE customer_id = w.customer_id OFFSET 0) r
	UNION
	SELECT r.id FROM promo_codes p
	CROSS JOIN LATERAL (SELECT id FROM redemptions WHERE promo_code_id = p.id OFFSET 0) r
	WHERE p.code >= $10::text AND p.code < $11::text
	UNION
	SELECT l.id
	FROM promo_redemptions_looked(CASE WHEN $6::uuid IS NULL THEN $13::uuid END, $8::timestamptz, $9::timestamptz,
		NULL, NULL, NULL, $12::bigint, NULL) l
	LEFT JOIN LATERAL (SELECT * FROM customers WHERE id = l.customer_id LIMIT 1) c ON true
	WHERE strpos(lower(concat_ws(' ', c.first_name, c.last_name)), lower($1::text)) > 0
		OR strpos(c.phone_number, regexp_replace($1::text, '^0(?=.)', '')) > 0
), fitting AS MATERIALIZED (
	SELECT r.id, CASE WHEN $6::uuid IS NOT NULL THEN r.created_at END AS at
	FROM found f
	CROSS JOIN LATERAL (SELECT * FROM redemptions WHERE id = f.id LIMIT 1) r
	LEFT JOIN LATERAL (SELECT * FROM customers WHERE id = r.customer_id
		AND $4::text IS NOT NULL LIMIT 1) c ON true
	LEFT JOIN LATERAL (SELECT * FROM promo_codes WHERE id = r.promo_code_id
		AND $5::uuid IS NOT NULL LIMIT 1) p ON true
	WHERE ($2::uuid IS NULL OR r.promo_code_id = $2::uuid)
		AND ($3::uuid IS NULL OR r.customer_id = $3::uuid)
		AND ($4::text IS NULL OR c.phone_number = $4::text)
		AND ($5::uuid IS NULL OR p.batch_id = $5::uuid)
		AND ($6::uuid IS NULL OR r.user_id = $6::uuid)
		AND ($7::text[] IS NULL OR r.status = ANY ($7::text[]))
		AND ($8::timestamptz IS NULL OR r.created_at >= $8::timestamptz)
		AND ($9::timestamptz IS NULL OR r.created_at < $9::timestamptz)
		AND ($13::uuid IS NULL OR CASE WHEN $6::uuid IS NULL THEN r.id < $13::uuid
			ELSE (r.created_at, r.id) <
				((SELECT created_at FROM redemptions WHERE id = $13::uuid), $13::uuid) END)
	ORDER BY at DESC, r.id DESC LIMIT $14::bigint
)
SELECT r.* FROM fitting f
CROSS JOIN LATERAL (SELECT * FROM redemption_rows WHERE id = f.id LIMIT 1) r
ORDER BY f.at DESC, f.id DESC;
