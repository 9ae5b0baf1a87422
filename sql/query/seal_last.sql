-- The last seal; none: no row.
-- -> audit_seal
SELECT id, CASE WHEN at BETWEEN '1971-01-01' AND '9999-01-01' THEN at
		ELSE '1971-01-01'::timestamptz END AS at,
	CASE WHEN length(ranges) <= 1120000 THEN encode(ranges, 'hex') ELSE '' END AS ranges,
	encode(root, 'hex') AS root, encode(previous, 'hex') AS previous, dropped_to, key_id,
	encode(signature, 'hex') AS signature, NULL::text AS leaves
FROM audit_seals
ORDER BY id DESC
LIMIT 1
