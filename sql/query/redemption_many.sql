-- How many redemptions the customers and codes have that fit what is looked for, as far as anybody wants to know.
-- planned anew
-- $1 begins text codes that begin with it, and are less than ...
-- $2 beyond text
-- $3 q text of three characters and more, also without a zero in front
-- $4 enough bigint
-- -> count
SELECT count(*) AS count FROM (
	SELECT FROM customer_search s
	CROSS JOIN LATERAL (SELECT FROM redemptions WHERE customer_id = s.customer_id LIMIT $4::bigint) r
	WHERE (promo_pieces(s.text) @> promo_pieces(lower($3::text))
			OR promo_pieces(s.text) @> promo_pieces(regexp_replace($3::text, '^0(?=.)', '')))
		AND (strpos(split_part(s.text, E'\n', 1), lower($3::text)) > 0
			OR strpos(split_part(s.text, E'\n', 2), regexp_replace($3::text, '^0(?=.)', '')) > 0)
	UNION ALL
	SELECT FROM promo_codes p
	CROSS JOIN LATERAL (SELECT FROM redemptions WHERE promo_code_id = p.id LIMIT $4::bigint) r
	WHERE p.code >= $1::text AND p.code < $2::text
	LIMIT $4::bigint) f;
