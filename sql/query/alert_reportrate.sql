-- Clerks of whose redemptions in the days before so many of a hundred were reported, and how often it came to
-- that. Of a clerk whose alert was resolved only reports that came after it raise one.
-- planned anew
-- $1 subject uuid[] null: all, for trying out
-- $2 from timestamptz
-- $3 to timestamptz
-- $4 percent bigint
-- $5 window_s bigint
-- $6 least bigint redemptions
-- -> alert_hit
WITH reported AS (
	SELECT r.user_id AS subject, f.id, f.created_at AS at
	FROM fraud_reports f
	JOIN redemptions r ON r.id = f.redemption_id
	WHERE f.status <> 'rejected' AND ($1::uuid[] IS NULL OR r.user_id = ANY ($1::uuid[]))
		AND f.created_at > $2::timestamptz - make_interval(secs => $5::bigint)
		AND f.created_at <= $3::timestamptz
), counted AS (
	SELECT *, count(*) OVER recent AS n, min(at) OVER recent AS since FROM reported
	WINDOW recent AS (PARTITION BY subject ORDER BY at
		RANGE BETWEEN make_interval(secs => $5::bigint) PRECEDING AND CURRENT ROW)
), looked AS (
	SELECT *, NULL::boolean AS redeemed FROM counted c
	WHERE c.at >= $2::timestamptz
		AND ($1::uuid[] IS NULL OR NOT EXISTS (SELECT FROM alerts a
			WHERE a.dedupe_key = 'report_rate/' || c.subject AND a.status = 'resolved'
				AND a.last_at >= date_trunc('milliseconds', c.at)))
), shared AS (
	SELECT *, count(redeemed) OVER (PARTITION BY subject ORDER BY at
		RANGE BETWEEN make_interval(secs => $5::bigint) PRECEDING AND CURRENT ROW) AS redemptions
	FROM (SELECT subject, id, at, n, since, redeemed FROM looked
		UNION ALL
		SELECT r.user_id, NULL, r.created_at, NULL, NULL, true FROM redemptions r
		WHERE r.user_id IN (SELECT subject FROM looked) AND r.status = 'completed'
			AND ($1::uuid[] IS NULL OR r.user_id = ANY ($1::uuid[]))
			AND r.created_at > $2::timestamptz - make_interval(secs => $5::bigint)
			AND r.created_at <= $3::timestamptz) e
), judged AS (
	SELECT *, redemptions >= $6::bigint AND n * 100 >= redemptions * $4::bigint AS reached
	FROM shared WHERE redeemed IS NULL
), risen AS (
	SELECT *, lag(reached, 1, false) OVER (PARTITION BY subject ORDER BY at, id) AS before FROM judged
), hit AS (
	SELECT subject, (array_agg(n ORDER BY at DESC, id DESC))[1] AS count,
		(array_agg(since ORDER BY at DESC, id DESC))[1] AS first_at, max(at) AS last_at,
		count(*) FILTER (WHERE NOT before) AS fired
	FROM risen WHERE reached GROUP BY subject
)
SELECT h.subject, h.count, h.first_at, h.last_at, h.fired, CASE WHEN $1::uuid[] IS NULL THEN '{}'::uuid[]
	ELSE coalesce((SELECT array_agg(s.id)
		FROM (SELECT id FROM reported WHERE subject = h.subject AND at BETWEEN h.first_at AND h.last_at
			ORDER BY at DESC, id LIMIT 20) s), '{}') END AS ids
FROM hit h ORDER BY h.subject;
