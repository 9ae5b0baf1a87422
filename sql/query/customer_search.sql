-- One page of the customers that fit, newest first, by the pieces of what is looked for.
-- planned anew
-- $1 q text of three characters and more, also without a zero in front
-- $2 depth bigint
-- $3 before uuid
-- $4 limit bigint
-- -> customer
WITH near AS (
	SELECT * FROM customers WHERE $3::uuid IS NULL OR id < $3::uuid ORDER BY id DESC LIMIT $2::bigint
), fitting AS (
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
		AND ($3::uuid IS NULL OR customer_id < $3::uuid)
), newest AS (
	SELECT id FROM fitting ORDER BY id DESC LIMIT $4::bigint
)
SELECT r.* FROM newest f JOIN customer_rows r ON r.id = f.id ORDER BY r.id DESC;
