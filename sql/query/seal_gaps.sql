-- Which of a writer's numbers have no row.
-- $1 writer_id bigint
-- $2 from bigint
-- $3 to bigint
-- -> columns
SELECT n.seq FROM generate_series($2::bigint, $3::bigint) AS n (seq)
WHERE NOT EXISTS (SELECT FROM audit_log l WHERE l.writer_id = $1::bigint AND l.seq = n.seq)
ORDER BY n.seq
LIMIT 1001
