-- Clerks who redeemed while the shop is closed, and in how many nights. Of a clerk whose alert was resolved only
-- what came after it counts.
-- planned anew
-- $1 subject uuid[] null: all, for trying out
-- $2 from timestamptz
-- $3 to timestamptz
-- $4 opens text
-- $5 closes text
-- $6 zone text
-- -> alert_hit
WITH local AS (
	SELECT r.user_id AS subject, r.id, r.created_at AS at,
		r.created_at AT TIME ZONE $6::text AS local
	FROM redemptions r
	WHERE r.status = 'completed' AND ($1::uuid[] IS NULL OR r.user_id = ANY ($1::uuid[]))
		AND r.created_at >= $2::timestamptz AND r.created_at <= $3::timestamptz
		AND ($1::uuid[] IS NULL OR NOT EXISTS (SELECT FROM alerts a
			WHERE a.dedupe_key = 'off_hours/' || r.user_id AND a.status = 'resolved'
				AND a.last_at >= date_trunc('milliseconds', r.created_at)))
), seen AS (
	SELECT *, date_trunc('day', local - $5::text::interval) AS night FROM local
	WHERE CASE WHEN $4::text::time < $5::text::time
		THEN local::time < $4::text::time OR local::time >= $5::text::time
		ELSE local::time >= $5::text::time AND local::time < $4::text::time END
), hit AS (
	SELECT subject, count(*) AS count, min(at) AS first_at, max(at) AS last_at,
		count(DISTINCT night) AS fired
	FROM seen GROUP BY subject
)
SELECT h.subject, h.count, h.first_at, h.last_at, h.fired, CASE WHEN $1::uuid[] IS NULL THEN '{}'::uuid[]
	ELSE coalesce((SELECT array_agg(s.id)
		FROM (SELECT id FROM seen WHERE subject = h.subject ORDER BY at DESC, id LIMIT 20) s), '{}') END AS ids
FROM hit h ORDER BY h.subject;
