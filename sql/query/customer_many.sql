-- How many customers and codes fit what is looked for, as far as anybody wants to know.
-- planned anew
-- $1 begins text codes that begin with it, and are less than ...
-- $2 beyond text
-- $3 q text of three characters and more, also without a zero in front
-- $4 enough bigint
-- -> count
SELECT greatest((SELECT count(*) FROM (
		SELECT FROM customer_search
		WHERE (promo_pieces(text) @> promo_pieces(lower($3::text))
				OR promo_pieces(text) @> promo_pieces(regexp_replace($3::text, '^0(?=.)', '')))
			AND (strpos(text, lower($3::text)) > 0
				OR strpos(split_part(text, E'\n', 2), regexp_replace($3::text, '^0(?=.)', '')) > 0)
		LIMIT $4::bigint) c),
	(SELECT count(*) FROM (
		SELECT FROM promo_codes WHERE code >= $1::text AND code < $2::text
		LIMIT $4::bigint) p)) AS count;
