-- The last of so many redemptions, newest first, where there are more behind it.
-- $1 depth bigint
-- $2 before uuid
-- -> id
SELECT near[1] AS id FROM (
	SELECT array_agg(id ORDER BY id) AS near, count(*) AS count FROM (
		SELECT id FROM redemptions WHERE $2::uuid IS NULL OR id < $2::uuid
		ORDER BY id DESC LIMIT $1::bigint) r) n
WHERE count = $1::bigint;
