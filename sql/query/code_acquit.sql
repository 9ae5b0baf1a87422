-- Gives the codes of rejected cases back to their redemptions, and takes them off what was reported
-- on the day on which it was.
-- $1 fraud_report_ids uuid[] whose codes are locked
-- $2 zone text
-- $3 lane integer of totals
-- -> count
WITH changed AS (
	UPDATE promo_codes p SET status = 'redeemed', reported_at = NULL
	FROM fraud_reports f
	WHERE f.id = ANY ($1::uuid[]) AND p.id = f.promo_code_id AND p.status = 'reported'
	RETURNING p.batch_id, (f.created_at AT TIME ZONE $2::text)::date AS day
), counted AS (
	INSERT INTO totals AS t (batch_id, day, lane, reported)
	SELECT batch_id, day, $3::integer, -count(*)
	FROM changed GROUP BY batch_id, day ORDER BY batch_id, day
	ON CONFLICT (batch_id, day, lane) DO UPDATE SET reported = t.reported + excluded.reported
)
SELECT count(*) AS count FROM changed;
