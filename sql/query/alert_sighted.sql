-- Users who missed, or used codes that were shown again, as often as that within the time; or all of them
-- together. Of what was resolved only what came after it counts.
-- planned anew
-- $1 subject uuid[] null: all, for trying out
-- $2 from timestamptz
-- $3 to timestamptz
-- $4 threshold bigint
-- $5 window_s bigint
-- $6 kind text of the alert
-- $7 seen text miss, used
-- $8 together boolean
-- -> alert_hit
WITH seen AS (
	SELECT CASE WHEN $8::boolean THEN '00000000-0000-0000-0000-000000000000' ELSE s.subject END
			AS subject,
		s.subject AS id, s.at, s.count, s.writer_id, s.seq
	FROM alert_sightings s
	WHERE s.kind = $7::text
		AND ($1::uuid[] IS NULL OR $8::boolean OR s.subject = ANY ($1::uuid[]))
		AND s.at > $2::timestamptz - make_interval(secs => $5::bigint)
		AND s.at <= $3::timestamptz
		AND ($1::uuid[] IS NULL OR NOT EXISTS (SELECT FROM alerts a
			WHERE a.dedupe_key = $6::text || '/' || CASE WHEN $8::boolean
					THEN '00000000-0000-0000-0000-000000000000' ELSE s.subject END
				AND a.status = 'resolved' AND a.last_at >= date_trunc('milliseconds', s.at)))
), counted AS (
	SELECT *, sum(count) OVER recent AS n, min(at) OVER recent AS since FROM seen
	WINDOW recent AS (PARTITION BY subject ORDER BY at
		RANGE BETWEEN make_interval(secs => $5::bigint) PRECEDING AND CURRENT ROW)
), risen AS (
	SELECT *, lag(n, 1, 0::numeric) OVER (PARTITION BY subject ORDER BY at, writer_id, seq) AS before
	FROM counted
), hit AS (
	SELECT subject, (array_agg(n ORDER BY at DESC, writer_id, seq))[1]::bigint AS count,
		(array_agg(since ORDER BY at DESC, writer_id, seq))[1] AS first_at, max(at) AS last_at,
		count(*) FILTER (WHERE before < $4::bigint) AS fired
	FROM risen WHERE n >= $4::bigint AND at >= $2::timestamptz
	GROUP BY subject
)
SELECT h.subject, h.count, h.first_at, h.last_at, h.fired, CASE WHEN $1::uuid[] IS NULL THEN '{}'::uuid[]
	ELSE coalesce((SELECT array_agg(s.id)
		FROM (SELECT id FROM seen WHERE subject = h.subject AND at BETWEEN h.first_at AND h.last_at
			GROUP BY id ORDER BY max(at) DESC, id LIMIT 20) s), '{}') END AS ids
FROM hit h ORDER BY h.subject;
