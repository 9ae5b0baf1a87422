-- The newest of so many customers that fit, newest first: what many fit is found here, and so is who
-- is too new for the index.
-- planned anew
-- $1 q text
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
	ORDER BY id DESC LIMIT $4::bigint
)
SELECT r.* FROM fitting f JOIN customer_rows r ON r.id = f.id ORDER BY r.id DESC;
