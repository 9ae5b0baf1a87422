-- How many customers fit, by the pieces of what is looked for.
-- planned anew
-- $1 q text of three characters and more, also without a zero in front
-- $2 depth bigint of the newest, who may be too new for the index
-- -> count
WITH near AS (
	SELECT * FROM customers ORDER BY id DESC LIMIT $2::bigint
)
SELECT count(*) AS count FROM (
	SELECT id FROM near
	WHERE strpos(lower(concat_ws(' ', first_name, last_name)), lower($1::text)) > 0
		OR strpos(phone_number, regexp_replace($1::text, '^0(?=.)', '')) > 0
		OR strpos(lower(email), lower($1::text)) > 0
	UNION
	SELECT customer_id FROM customer_search
	WHERE (promo_pieces(text) @> promo_pieces(lower($1::text))
			OR promo_pieces(text) @> promo_pieces(regexp_replace($1::text, '^0(?=.)', '')))
		AND (strpos(text, lower($1::text)) > 0
			OR strpos(split_part(text, E'\n', 2), regexp_replace($1::text, '^0(?=.)', '')) > 0)
) f;
