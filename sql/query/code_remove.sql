-- Deletes codes that were never redeemed, and counts them. Their serials are not given again.
-- $1 ids uuid[] locked before
-- $2 zone text
-- $3 lane integer of totals
-- -> count
WITH changed AS (
	DELETE FROM promo_codes
	WHERE id = ANY ($1::uuid[]) AND status IN ('active', 'blocked')
	RETURNING batch_id, status
), counted AS (
	INSERT INTO totals AS t (batch_id, day, lane, deleted, blocked)
	SELECT batch_id, (now() AT TIME ZONE $2::text)::date, $3::integer, count(*),
		-count(*) FILTER (WHERE status = 'blocked')
	FROM changed GROUP BY batch_id ORDER BY batch_id
	ON CONFLICT (batch_id, day, lane) DO UPDATE SET deleted = t.deleted + excluded.deleted,
		blocked = t.blocked + excluded.blocked
)
SELECT count(*) AS count FROM changed;
