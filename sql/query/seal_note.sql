-- Notes up to where writers are sealed.
-- $1 writer_id bigint[]
-- $2 seq bigint[]
INSERT INTO audit_sealed AS s (writer_id, seq)
SELECT i.writer_id, i.seq FROM unnest($1::bigint[], $2::bigint[]) AS i (writer_id, seq)
ORDER BY i.writer_id
ON CONFLICT (writer_id) DO UPDATE SET seq = excluded.seq
