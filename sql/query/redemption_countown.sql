-- How many redemptions and attempts of a user there are.
-- planned anew
-- $1 user_id uuid
-- $2 begins_at timestamptz
-- $3 ends_at timestamptz
-- $4 status text[]
-- -> count
SELECT count(*) AS count FROM redemptions
WHERE user_id = $1::uuid
	AND ($2::timestamptz IS NULL OR created_at >= $2::timestamptz)
	AND ($3::timestamptz IS NULL OR created_at < $3::timestamptz)
	AND ($4::text[] IS NULL OR status = ANY ($4::text[]));
