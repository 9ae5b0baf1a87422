-- Of so many redemptions among which all are that fit those that do, newest first; those of a clerk by
-- their times, as his index has them.
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
-- $12 depth bigint
-- $13 before uuid
-- $14 limit bigint
-- $15 zone text
-- -> redemption
WITH fitting AS MATERIALIZED (
	SELECT l.id, CASE WHEN $6::uuid IS NOT NULL THEN l.created_at END AS at
	FROM promo_redemptions_looked($13::uuid, $8::timestamptz, $9::timestamptz, $5::uuid, $6::uuid,
		$7::text[], $12::bigint, $15::text) l
	LEFT JOIN LATERAL (SELECT * FROM customers WHERE id = l.customer_id
		AND ($1::text IS NOT NULL OR $4::text IS NOT NULL) LIMIT 1) c ON true
	LEFT JOIN LATERAL (SELECT * FROM promo_codes WHERE id = l.promo_code_id
		AND ($5::uuid IS NOT NULL OR $10::text IS NOT NULL) LIMIT 1) p ON true
	WHERE ($2::uuid IS NULL OR l.promo_code_id = $2::uuid)
		AND ($3::uuid IS NULL OR l.customer_id = $3::uuid)
		AND ($7::text[] IS NULL OR l.status = ANY ($7::text[]))
		AND ($8::timestamptz IS NULL OR l.created_at >= $8::timestamptz)
		AND ($9::timestamptz IS NULL OR l.created_at < $9::timestamptz)
		AND ($4::text IS NULL OR c.phone_number = $4::text)
		AND ($5::uuid IS NULL OR p.batch_id = $5::uuid)
		AND ($1::text IS NULL
			OR strpos(lower(concat_ws(' ', c.first_name, c.last_name)), lower($1::text)) > 0
			OR strpos(c.phone_number, regexp_replace($1::text, '^0(?=.)', '')) > 0
			OR p.code >= $10::text AND p.code < $11::text)
	ORDER BY at DESC, l.id DESC LIMIT $14::bigint
)
SELECT r.* FROM fitting f
CROSS JOIN LATERAL (SELECT * FROM redemption_rows WHERE id = f.id LIMIT 1) r
ORDER BY f.at DESC, f.id DESC;
