-- How many redemptions fit, by the pieces of what is looked for and by how codes begin.
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
-- $12 depth bigint of the newest, whose customers may not be known yet
-- -> count
WITH who AS MATERIALIZED (
	SELECT customer_id FROM customer_search
	WHERE (promo_pieces(text) @> promo_pieces(lower($1::text))
			OR promo_pieces(text) @> promo_pieces(regexp_replace($1::text, '^0(?=.)', '')))
		AND (strpos(split_part(text, E'\n', 1), lower($1::text)) > 0
			OR strpos(split_part(text, E'\n', 2), regexp_replace($1::text, '^0(?=.)', '')) > 0)
), found AS MATERIALIZED (
	SELECT r.id FROM who w JOIN redemptions r ON r.customer_id = w.customer_id
	UNION
	SELECT r.id FROM promo_codes p JOIN redemptions r ON r.promo_code_id = p.id
	WHERE p.code >= $10::text AND p.code < $11::text
	UNION
	SELECT l.id
	FROM promo_redemptions_looked(NULL, $8::timestamptz, $9::timestamptz,
		NULL, NULL, NULL, $12::bigint, NULL) l
	LEFT JOIN LATERAL (SELECT * FROM customers WHERE id = l.customer_id LIMIT 1) c ON true
	WHERE strpos(lower(concat_ws(' ', c.first_name, c.last_name)), lower($1::text)) > 0
		OR strpos(c.phone_number, regexp_replace($1::text, '^0(?=.)', '')) > 0
)
SELECT count(*) AS count FROM found f
JOIN redemptions r ON r.id = f.id
LEFT JOIN customers c ON c.id = r.customer_id
LEFT JOIN promo_codes p ON p.id = r.promo_code_id
WHERE ($2::uuid IS NULL OR r.promo_code_id = $2::uuid)
	AND ($3::uuid IS NULL OR r.customer_id = $3::uuid)
	AND ($4::text IS NULL OR c.phone_number = $4::text)
	AND ($5::uuid IS NULL OR p.batch_id = $5::uuid)
	AND ($6::uuid IS NULL OR r.user_id = $6::uuid)
	AND ($7::text[] IS NULL OR r.status = ANY ($7::text[]))
	AND ($8::timestamptz IS NULL OR r.created_at >= $8::timestamptz)
	AND ($9::timestamptz IS NULL OR r.created_at < $9::timestamptz);
