-- Clerks of whose redemptions in the days before so many of a hundred were reported, and how often it came to
-- that. Of a clerk whose alert was resolved only reports that came after it raise one. His redemptions are
-- counted between the moments at which that matters, not sorted: they are many, and reports are few.
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
), looked AS MATERIALIZED (
	SELECT * FROM counted c
	WHERE c.at >= $2::timestamptz
		AND ($1::uuid[] IS NULL OR NOT EXISTS (SELECT FROM alerts a
			WHERE a.dedupe_key = 'report_rate/' || c.subject AND a.status = 'resolved'
				AND a.last_at >= date_trunc('milliseconds', c.at)))
), edge AS MATERIALIZED (
	-- What is as old as the window counts, and what was redeemed at the moment of the report.
	SELECT subject, array_agg(DISTINCT e.at ORDER BY e.at) AS edges
	FROM looked l
	CROSS JOIN LATERAL (VALUES (l.at - make_interval(secs => $5::bigint)),
		(l.at + interval '1 microsecond')) AS e (at)
	GROUP BY subject
), filled AS (
	SELECT r.user_id AS subject, width_bucket(r.created_at, e.edges) AS place, count(*) AS n
	FROM redemptions r JOIN edge e ON e.subject = r.user_id
	WHERE r.status = 'completed' AND ($1::uuid[] IS NULL OR r.user_id = ANY ($1::uuid[]))
		AND r.created_at > $2::timestamptz - make_interval(secs => $5::bigint)
		AND r.created_at <= $3::timestamptz
	GROUP BY 1, 2
), upto AS MATERIALIZED (
	SELECT e.subject, p.place,
		sum(coalesce(f.n, 0)) OVER (PARTITION BY e.subject ORDER BY p.place)::bigint AS redemptions
	FROM edge e
	CROSS JOIN LATERAL generate_series(0, cardinality(e.edges)) AS p (place)
	LEFT JOIN filled f ON f.subject = e.subject AND f.place = p.place
), shared AS (
	SELECT l.*, u.redemptions - o.redemptions AS redemptions
	FROM looked l
	JOIN edge e ON e.subject = l.subject
	JOIN upto u ON u.subject = l.subject
		AND u.place = width_bucket(l.at + interval '1 microsecond', e.edges) - 1
	JOIN upto o ON o.subject = l.subject
		AND o.place = width_bucket(l.at - make_interval(secs => $5::bigint), e.edges) - 1
), judged AS (
	SELECT *, redemptions >= $6::bigint AND n * 100 >= redemptions * $4::bigint AS reached
	FROM shared
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
