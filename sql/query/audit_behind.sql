-- Whether a writer has more rows than so many that audit_search does not know yet.
-- $1 behind bigint
-- -> truth
SELECT EXISTS (
	SELECT FROM audit_writers w LEFT JOIN audit_search_positions p ON p.writer_id = w.id
	WHERE w.seq - coalesce(p.seq, 0) > $1::bigint) AS yes;
