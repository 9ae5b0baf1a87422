-- Notes up to where writers are sealed, and by which seal.
-- $1 writer_id bigint[]
-- $2 seq bigint[]
-- $3 seal bigint
INSERT INTO audit_sealed AS s (writer_id, seq, seal)
SELECT i.writer_id, i.seq, $3::bigint FROM unnest($1::bigint[], $2::bigint[]) AS i (writer_id, seq)
ORDER BY i.writer_id
ON CONFLICT (writer_id) DO UPDATE SET seq = excluded.seq, seal = excluded.seal
