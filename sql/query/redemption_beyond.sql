-- The last of so many redemptions of some days, newest first, where there are more of them behind it.
-- planned anew
-- $1 depth bigint
-- $2 before uuid
-- $3 from timestamptz
-- $4 to timestamptz
-- -> id
SELECT near[1] AS id FROM (
	SELECT array_agg(id ORDER BY id) AS near, count(*) AS count FROM (
		SELECT id FROM redemptions
		WHERE ($2::uuid IS NULL OR id < $2::uuid)
			AND ($3::timestamptz IS NULL OR id >= (lpad(to_hex(greatest(floor(extract(epoch FROM $3::timestamptz - interval '1 day')
					* 1000)::bigint, 0)), 12, '0') || repeat('0', 20))::uuid)
			AND ($4::timestamptz IS NULL OR id < (lpad(to_hex(greatest(floor(extract(epoch FROM $4::timestamptz + interval '1 day')
					* 1000)::bigint, 0)), 12, '0') || repeat('0', 20))::uuid)
		ORDER BY id DESC LIMIT $1::bigint) r) n
WHERE count = $1::bigint;
