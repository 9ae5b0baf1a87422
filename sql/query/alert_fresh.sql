-- What rows of the trail mean to the rules: which rule has to look at whom, how many of the rows concern it,
-- and since when. Keeps what no other table holds.
-- $1 writer_id bigint[]
-- $2 seq bigint[]
-- $3 what text[] redeemed, missed, shown, refused (as used), reported, failed (a job)
-- $4 user_id uuid[]
-- $5 entity_id uuid[]
-- $6 at bigint[] milliseconds
-- $7 count bigint[]
-- -> alert_fresh
WITH given AS MATERIALIZED (
	SELECT i.writer_id, i.seq, i.what, i.user_id, i.entity_id, i.count,
		to_timestamp(i.at / 1000.0) AS at
	FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::uuid[], $5::uuid[], $6::bigint[],
		$7::bigint[]) AS i (writer_id, seq, what, user_id, entity_id, at, count)
), redeemed AS MATERIALIZED (
	SELECT r.customer_id, r.user_id, r.created_at AS at
	FROM given g
	JOIN redemptions r ON r.promo_code_id = g.entity_id AND r.status = 'completed'
	WHERE g.what = 'redeemed'
), seen AS MATERIALIZED (
	SELECT writer_id, seq, 'miss' AS kind, user_id AS subject, at, count
	FROM given WHERE what = 'missed' AND user_id IS NOT NULL
	UNION ALL
	SELECT g.writer_id, g.seq, 'used', g.entity_id, g.at, g.count
	FROM given g
	WHERE g.what = 'refused' OR g.what = 'shown' AND EXISTS (
		SELECT FROM redemptions r WHERE r.promo_code_id = g.entity_id AND r.status = 'completed'
			AND r.created_at < g.at)
), kept AS (
	INSERT INTO alert_sightings (writer_id, seq, kind, subject, at, count)
	SELECT writer_id, seq, kind, subject, at, count FROM seen
	ON CONFLICT (writer_id, seq) DO NOTHING
), fresh AS (
	SELECT 'same_phone' AS kind, customer_id AS subject, 1::bigint AS count, at FROM redeemed
	UNION ALL SELECT 'neighbours', user_id, 1, at FROM redeemed
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
FROM fresh GROUP BY kind, subject ORDER BY kind, subject;
