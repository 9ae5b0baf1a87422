-- Clerks who redeemed so many codes that stand one behind the other on their sheets within the time, how many
-- codes that were, and in how many stretches. Of a clerk whose alert was resolved only what came after it
-- counts. Who is asked about is not looked up as a whole: only around what he redeemed since $2, and there only
-- where enough codes in a row are used at all.
-- planned anew
-- $1 subject uuid[] null: all, for trying out
-- $2 from timestamptz
-- $3 to timestamptz
-- $4 threshold bigint
-- $5 window_s bigint
-- -> alert_hit
WITH fresh AS MATERIALIZED (
	SELECT p.batch_id, p.serial, p.serial - lag(p.serial) OVER around > 2 * ($4::bigint - 1) AS apart
	FROM redemptions r
	CROSS JOIN LATERAL (SELECT batch_id, serial FROM promo_codes WHERE id = r.promo_code_id LIMIT 1) p
	WHERE $1::uuid[] IS NOT NULL AND r.user_id = ANY ($1::uuid[]) AND r.status = 'completed'
		AND r.created_at >= $2::timestamptz AND r.created_at <= $3::timestamptz
	WINDOW around AS (PARTITION BY p.batch_id ORDER BY p.serial)
), place AS MATERIALIZED (
	SELECT batch_id, min(serial) - ($4::bigint - 1) AS low, max(serial) + ($4::bigint - 1) AS high
	FROM (SELECT *, count(*) FILTER (WHERE apart) OVER (PARTITION BY batch_id ORDER BY serial) AS part
		FROM fresh) f
	GROUP BY batch_id, part
), used AS (
	SELECT p.id, l.batch_id, p.serial,
		p.serial - row_number() OVER (PARTITION BY l.batch_id ORDER BY p.serial) AS run
	FROM place l
	CROSS JOIN LATERAL (SELECT id, serial FROM promo_codes
		WHERE batch_id = l.batch_id AND serial BETWEEN l.low AND l.high AND status <> 'active'
		OFFSET 0) p
), enough AS MATERIALIZED (
	SELECT *, count(*) OVER (PARTITION BY batch_id, run) AS n FROM used
), seen AS (
	SELECT r.user_id AS subject, p.id, p.batch_id, p.serial, r.created_at AS at
	FROM enough p
	CROSS JOIN LATERAL (SELECT user_id, created_at FROM redemptions
		WHERE promo_code_id = p.id AND status = 'completed' AND user_id = ANY ($1::uuid[]) LIMIT 1) r
	WHERE p.n >= $4::bigint
		AND r.created_at > $2::timestamptz - make_interval(secs => $5::bigint)
		AND r.created_at <= $3::timestamptz
		AND NOT EXISTS (SELECT FROM alerts a
			WHERE a.dedupe_key = 'neighbours/' || r.user_id AND a.status = 'resolved'
				AND a.last_at >= date_trunc('milliseconds', r.created_at))
	UNION ALL
	SELECT r.user_id, p.id, p.batch_id, p.serial, r.created_at
	FROM redemptions r
	JOIN promo_codes p ON p.id = r.promo_code_id
	WHERE $1::uuid[] IS NULL AND r.status = 'completed'
		AND r.created_at > $2::timestamptz - make_interval(secs => $5::bigint)
		AND r.created_at <= $3::timestamptz
), placed AS (
	SELECT *, serial - row_number() OVER (PARTITION BY subject, batch_id ORDER BY serial) AS run
	FROM seen
), framed AS (
	SELECT *, count(*) OVER near AS n, min(at) OVER near AS since, max(at) OVER near AS until
	FROM placed
	WINDOW near AS (PARTITION BY subject, batch_id, run ORDER BY serial
		ROWS BETWEEN ($4::bigint - 1) PRECEDING AND CURRENT ROW)
), judged AS (
	SELECT *, n >= $4::bigint AND until >= $2::timestamptz
			AND until - since <= make_interval(secs => $5::bigint) AS tight
	FROM framed
), covered AS (
	SELECT *, bool_or(tight) OVER (PARTITION BY subject, batch_id, run ORDER BY serial
		ROWS BETWEEN CURRENT ROW AND ($4::bigint - 1) FOLLOWING) AS counts
	FROM judged
), stretched AS MATERIALIZED (
	SELECT *, counts AND NOT lag(counts, 1, false) OVER (PARTITION BY subject, batch_id, run
		ORDER BY serial) AS begins
	FROM covered
), hit AS (
	SELECT subject, count(*) FILTER (WHERE counts) AS count,
		min(since) FILTER (WHERE tight) AS first_at, max(until) FILTER (WHERE tight) AS last_at,
		count(*) FILTER (WHERE begins) AS fired
	FROM stretched GROUP BY subject HAVING bool_or(tight)
)
SELECT h.subject, h.count, h.first_at, h.last_at, h.fired, CASE WHEN $1::uuid[] IS NULL THEN '{}'::uuid[]
	ELSE coalesce((SELECT array_agg(s.id)
		FROM (SELECT id FROM stretched WHERE subject = h.subject AND counts
			ORDER BY serial DESC, id LIMIT 20) s), '{}') END AS ids
FROM hit h ORDER BY h.subject;
