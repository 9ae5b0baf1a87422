-- The last of so many redemptions that are looked through, newest first, where there may be more of them
-- behind it.
-- planned anew
-- $1 batch_id uuid
-- $2 user_id uuid
-- $3 status text[]
-- $4 from timestamptz
-- $5 to timestamptz
-- $6 depth bigint
-- $7 before uuid
-- $8 zone text
-- -> id
SELECT id FROM (
	SELECT id, row_number() OVER (
		ORDER BY CASE WHEN $2::uuid IS NOT NULL THEN created_at END DESC, id DESC) AS n
	FROM promo_redemptions_looked($7::uuid, $4::timestamptz, $5::timestamptz, $1::uuid, $2::uuid,
		$3::text[], $6::bigint, $8::text)) l
WHERE n = $6::bigint;
