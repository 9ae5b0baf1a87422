-- Makes blocked codes active again, and counts them.
-- $1 ids uuid[] locked before
-- $2 zone text
-- $3 lane integer of totals
-- -> count
WITH changed AS (
	UPDATE promo_codes SET status = 'active', blocked_at = NULL
	WHERE id = ANY ($1::uuid[]) AND status = 'blocked'
	RETURNING batch_id
), counted AS (
	INSERT INTO totals AS t (batch_id, day, lane, blocked)
	SELECT batch_id, (now() AT TIME ZONE $2::text)::date, $3::integer, -count(*)
	FROM changed GROUP BY batch_id ORDER BY batch_id
	ON CONFLICT (batch_id, day, lane) DO UPDATE SET blocked = t.blocked + excluded.blocked
)
SELECT count(*) AS count FROM changed;
