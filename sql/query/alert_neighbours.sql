-- Clerks who redeemed so many codes that stand one behind the other on their sheets within the time, and how
-- many such rows there were. Of a clerk whose alert was resolved only what came after it counts.
-- planned anew
-- $1 subject uuid[] null: all, for trying out
-- $2 from timestamptz
-- $3 to timestamptz
-- $4 threshold bigint
-- $5 window_s bigint
-- -> alert_hit
WITH seen AS (
	SELECT r.user_id AS subject, p.id, p.batch_id, p.serial, r.created_at AS at
	FROM redemptions r
	JOIN promo_codes p ON p.id = r.promo_code_id
	WHERE r.status = 'completed' AND ($1::uuid[] IS NULL OR r.user_id = ANY ($1::uuid[]))
		AND r.created_at > $2::timestamptz - make_interval(secs => $5::bigint)
		AND r.created_at <= $3::timestamptz
		AND ($1::uuid[] IS NULL OR NOT EXISTS (SELECT FROM alerts a
			WHERE a.dedupe_key = 'neighbours/' || r.user_id AND a.status = 'resolved'
				AND a.last_at >= date_trunc('milliseconds', r.created_at)))
), placed AS (
	SELECT *, serial - row_number() OVER (PARTITION BY subject, batch_id ORDER BY serial) AS run
	FROM seen
), framed AS (
	SELECT *, count(*) OVER near AS n, min(at) OVER near AS since, max(at) OVER near AS until
	FROM placed
	WINDOW near AS (PARTITION BY subject, batch_id, run ORDER BY serial
		ROWS BETWEEN ($4::bigint - 1) PRECEDING AND CURRENT ROW)
), tight AS (
	SELECT * FROM framed
	WHERE n >= $4::bigint AND until >= $2::timestamptz
		AND until - since <= make_interval(secs => $5::bigint)
), hit AS (
	SELECT subject, count(*) - count(DISTINCT (batch_id, run)) + count(DISTINCT (batch_id, run)) * $4::bigint
			AS count,
		min(since) AS first_at, max(until) AS last_at, count(DISTINCT (batch_id, run)) AS fired
	FROM tight GROUP BY subject
)
SELECT h.subject, h.count, h.first_at, h.last_at, h.fired, CASE WHEN $1::uuid[] IS NULL THEN '{}'::uuid[]
	ELSE coalesce((SELECT array_agg(s.id)
		FROM (SELECT p.id FROM placed p
			WHERE p.subject = h.subject AND p.at BETWEEN h.first_at AND h.last_at
				AND EXISTS (SELECT FROM tight t WHERE t.subject = p.subject
					AND t.batch_id = p.batch_id AND t.run = p.run)
			ORDER BY p.serial DESC, p.id LIMIT 20) s), '{}') END AS ids
FROM hit h ORDER BY h.subject;
