-- Whether a position was taken in this database: the writer that it says was registered at that time.
-- $1 writer_id bigint
-- $2 created_at timestamptz
-- -> truth
SELECT EXISTS (SELECT FROM audit_writers
	WHERE id = $1::bigint AND date_trunc('milliseconds', created_at) = $2::timestamptz) AS yes
