-- What new rows of the trail mean to the rules: which rule has to look at whom, how many of the rows concern it,
-- and since when. Keeps what no other table holds. Customers are few who redeemed as often as that at all.
-- $1 writer_id bigint[]
-- $2 after bigint[]
-- $3 to bigint[]
-- $4 phone_count bigint 0: that rule is off
-- $5 phone_window_s bigint
-- -> alert_fresh
WITH given AS MATERIALIZED (
	SELECT l.writer_id, l.seq, l.actor_id AS user_id, l.entity_id, l.count,
		date_trunc('milliseconds', l.at) AS at,
		CASE WHEN l.action <> 'job.finish' AND l.error = 'code_not_found' THEN 'missed'
			WHEN l.action = 'job.finish' THEN CASE l.outcome WHEN 'failed' THEN 'failed' END
			WHEN l.entity_id IS NULL THEN NULL
			WHEN l.action = 'redemption.create' AND l.error IN ('code_already_redeemed', 'code_reported')
				THEN 'used'
			WHEN l.outcome <> 'allowed' THEN NULL
			ELSE CASE l.action WHEN 'redemption.create' THEN 'redeemed'
				WHEN 'fraud-report.create' THEN 'reported' ELSE 'shown' END END AS what
	FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS i (writer_id, after, upto)
	CROSS JOIN LATERAL (
		SELECT writer_id, seq, at, actor_id, action, entity_id, outcome, error, count FROM audit_log
		WHERE writer_id = i.writer_id AND seq > i.after AND seq <= i.upto
			AND action IN ('code.verify', 'redemption.create', 'fraud-report.create', 'job.finish')
		OFFSET 0) l
), redeemed AS MATERIALIZED (
	SELECT r.customer_id, r.user_id, r.created_at AS at
	FROM given g
	CROSS JOIN LATERAL (SELECT customer_id, user_id, created_at FROM redemptions
		WHERE promo_code_id = g.entity_id AND status = 'completed' LIMIT 1) r
	WHERE g.what = 'redeemed'
), phone AS (
	SELECT customer_id, count(*) AS count, min(at) AS first_at, max(at) AS last_at
	FROM redeemed WHERE $4::bigint > 0 GROUP BY customer_id
), seen AS MATERIALIZED (
	SELECT writer_id, seq, 'miss' AS kind, user_id AS subject, at, count
	FROM given WHERE what = 'missed' AND user_id IS NOT NULL
	UNION ALL
	SELECT g.writer_id, g.seq, 'used', g.entity_id, g.at, g.count
	FROM given g
	WHERE g.what = 'used' OR g.what = 'shown' AND EXISTS (
		SELECT FROM redemptions r WHERE r.promo_code_id = g.entity_id AND r.status = 'completed'
			AND r.created_at < g.at)
), kept AS (
	INSERT INTO alert_sightings (writer_id, seq, kind, subject, at, count)
	SELECT writer_id, seq, kind, subject, at, count FROM seen
	ON CONFLICT (writer_id, seq) DO NOTHING
), fresh AS (
	SELECT 'neighbours' AS kind, user_id AS subject, 1::bigint AS count, at FROM redeemed
	UNION ALL SELECT 'off_hours', user_id, 1, at FROM redeemed
	UNION ALL SELECT 'guessing', subject, count, at FROM seen WHERE kind = 'miss'
	UNION ALL SELECT 'unissued_codes', '00000000-0000-0000-0000-000000000000', count, at
		FROM seen WHERE kind = 'miss'
	UNION ALL SELECT 'used_codes', subject, count, at FROM seen WHERE kind = 'used'
	UNION ALL SELECT 'report_rate', r.user_id, 1, f.created_at
		FROM given g
		JOIN fraud_reports f ON f.promo_code_id = g.entity_id AND f.status <> 'rejected'
		JOIN redemptions r ON r.id = f.redemption_id
		WHERE g.what = 'reported'
	UNION ALL SELECT 'job_failed', j.id, 1, g.at
		FROM given g JOIN jobs j ON j.id = g.entity_id
		WHERE g.what = 'failed' AND j.kind NOT IN ('backup', 'restore_check')
)
SELECT kind, subject, sum(count)::bigint AS count, min(at) AS first_at, max(at) AS last_at
FROM fresh GROUP BY kind, subject
UNION ALL
SELECT 'same_phone', p.customer_id, p.count, p.first_at, p.last_at
FROM phone p
CROSS JOIN LATERAL (SELECT FROM redemptions
	-- Ids rise with time, a day wider for a daemon whose clock is off: one may have very many.
	WHERE customer_id = p.customer_id AND status = 'completed'
		AND id >= promo_id_at(p.first_at - make_interval(secs => $5::bigint) - interval '1 day')
		AND created_at >= date_trunc('milliseconds', p.first_at) - make_interval(secs => $5::bigint)
	OFFSET greatest($4::bigint - 1, 0) LIMIT 1) enough
ORDER BY kind, subject;
