-- The next seals, of not too many rows together. Whatever somebody wrote over them is read.
-- $1 after bigint
-- $2 limit bigint
-- $3 leaves boolean
-- -> audit_seal
SELECT id, CASE WHEN at BETWEEN '1971-01-01' AND '9999-01-01' THEN at
		ELSE '1971-01-01'::timestamptz END AS at,
	CASE WHEN length(ranges) <= 1120000 THEN encode(ranges, 'hex') ELSE '' END AS ranges,
	CASE WHEN length(root) = 32 THEN encode(root, 'hex') ELSE '' END AS root,
	CASE WHEN length(previous) = 32 THEN encode(previous, 'hex') ELSE '' END AS previous,
	coalesce(dropped_to, 0) AS dropped_to, coalesce(left(key_id, 64), '') AS key_id,
	CASE WHEN length(signature) = 64 THEN encode(signature, 'hex') ELSE '' END AS signature,
	CASE WHEN $3::boolean AND length(leaves) <= 640000 THEN encode(leaves, 'hex') END AS leaves
FROM (
	SELECT s.*, row_number() OVER w AS place,
		sum(coalesce(length(leaves), 0) + coalesce(length(ranges), 0)) OVER w AS size
	FROM (SELECT * FROM audit_seals WHERE id > $1::bigint ORDER BY id LIMIT $2::bigint) s
	WINDOW w AS (ORDER BY id ROWS UNBOUNDED PRECEDING)) s
WHERE place = 1 OR size <= 640000
ORDER BY id;
