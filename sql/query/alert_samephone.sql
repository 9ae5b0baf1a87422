-- Customers who redeemed as often as that within the time: when they did so last, and how often it came
-- to that. Of a customer whose alert was resolved only what came after it counts.
-- planned anew
-- $1 subject uuid[] null: all, for trying out
-- $2 from timestamptz
-- $3 to timestamptz
-- $4 threshold bigint
-- $5 window_s bigint
-- -> alert_hit
WITH seen AS (
	SELECT r.customer_id AS subject, r.id, r.created_at AS at
	FROM redemptions r
	WHERE r.status = 'completed' AND ($1::uuid[] IS NULL OR r.customer_id = ANY ($1::uuid[]))
		AND r.created_at > $2::timestamptz - make_interval(secs => $5::bigint)
		AND r.created_at <= $3::timestamptz
		-- Ids rise with time, a day wider for a daemon whose clock is off: one may have very many.
		AND r.id >= promo_id_at($2::timestamptz - make_interval(secs => $5::bigint) - interval '1 day')
		AND ($1::uuid[] IS NULL OR NOT EXISTS (SELECT FROM alerts a
			WHERE a.dedupe_key = 'same_phone/' || r.customer_id AND a.status = 'resolved'
				AND a.last_at >= date_trunc('milliseconds', r.created_at)))
), counted AS (
	SELECT *, count(*) OVER recent AS n, min(at) OVER recent AS since FROM seen
	WINDOW recent AS (PARTITION BY subject ORDER BY at
		RANGE BETWEEN make_interval(secs => $5::bigint) PRECEDING AND CURRENT ROW)
), risen AS (
	SELECT *, lag(n, 1, 0::bigint) OVER (PARTITION BY subject ORDER BY at, id) AS before
	FROM counted
), hit AS (
	SELECT subject, (array_agg(n ORDER BY at DESC, id DESC))[1] AS count,
		(array_agg(since ORDER BY at DESC, id DESC))[1] AS first_at, max(at) AS last_at,
		count(*) FILTER (WHERE before < $4::bigint) AS fired
	FROM risen WHERE n >= $4::bigint AND at >= $2::timestamptz
	GROUP BY subject
)
SELECT h.subject, h.count, h.first_at, h.last_at, h.fired, CASE WHEN $1::uuid[] IS NULL THEN '{}'::uuid[]
	ELSE coalesce((SELECT array_agg(s.id)
		FROM (SELECT id FROM seen WHERE subject = h.subject AND at BETWEEN h.first_at AND h.last_at
			ORDER BY at DESC, id LIMIT 20) s), '{}') END AS ids
FROM hit h ORDER BY h.subject;
