-- The last seal, whatever somebody wrote over it; none: no row.
-- -> audit_seal
SELECT id, CASE WHEN at BETWEEN '1971-01-01' AND '9999-01-01' THEN at
		ELSE '1971-01-01'::timestamptz END AS at,
	CASE WHEN length(ranges) <= 1120000 THEN encode(ranges, 'hex') ELSE '' END AS ranges,
	CASE WHEN length(root) = 32 THEN encode(root, 'hex') ELSE '' END AS root,
	CASE WHEN length(previous) = 32 THEN encode(previous, 'hex') ELSE '' END AS previous,
	coalesce(dropped_to, 0) AS dropped_to, coalesce(left(key_id, 64), '') AS key_id,
	CASE WHEN length(signature) = 64 THEN encode(signature, 'hex') ELSE '' END AS signature,
	NULL::text AS leaves
FROM audit_seals
ORDER BY id DESC
LIMIT 1
