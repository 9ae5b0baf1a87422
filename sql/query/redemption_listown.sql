-- One page of what a user redeemed or tried to, newest first, as his index has them. A page goes on
-- behind the redemption that the one before ended with.
-- planned anew
-- $1 user_id uuid
-- $2 begins_at timestamptz
-- $3 ends_at timestamptz
-- $4 status text[]
-- $5 before uuid
-- $6 limit bigint
-- -> redemption
SELECT * FROM redemption_rows
WHERE "user.id" = $1::uuid
	AND ($2::timestamptz IS NULL OR created_at >= $2::timestamptz)
	AND ($3::timestamptz IS NULL OR created_at < $3::timestamptz)
	AND ($4::text[] IS NULL OR status = ANY ($4::text[]))
	AND ($5::uuid IS NULL OR (created_at, id) <
		((SELECT created_at FROM redemptions WHERE id = $5::uuid), $5::uuid))
ORDER BY created_at DESC, id DESC
LIMIT $6::bigint;
