-- How many audit entries there are. All of them are known by their writers' numbers, which have no gaps.
-- planned anew
-- $1 actor_id uuid
-- $2 action text where it is one
-- $3 actions text[] where there are several
-- $4 entity_kind text
-- $5 entity_id uuid
-- $6 outcome text[]
-- $7 from timestamptz
-- $8 to timestamptz
-- -> count
SELECT CASE WHEN num_nonnulls($1::uuid, $2::text, $3::text[], $4::text, $5::uuid, $6::text[],
	$7::timestamptz, $8::timestamptz) = 0
THEN (SELECT coalesce(sum(seq), 0)::bigint FROM audit_writers) + (SELECT count(*) FROM audit_folds)
ELSE (SELECT count(*) FROM audit_search
	WHERE ($1::uuid IS NULL OR actor_id = $1::uuid)
		AND ($2::text IS NULL OR action = $2::text)
		AND ($3::text[] IS NULL OR action = ANY ($3::text[]))
		AND ($4::text IS NULL OR entity_kind = $4::text)
		AND ($5::uuid IS NULL OR entity_id = $5::uuid)
		AND ($6::text[] IS NULL OR outcome = ANY ($6::text[]))
		AND ($7::timestamptz IS NULL OR at >= $7::timestamptz)
		AND ($8::timestamptz IS NULL OR at < $8::timestamptz)
		AND ($7::timestamptz IS NULL
			OR at AT TIME ZONE 'UTC' >= $7::timestamptz AT TIME ZONE 'UTC')
		AND ($8::timestamptz IS NULL
			OR at AT TIME ZONE 'UTC' < $8::timestamptz AT TIME ZONE 'UTC'))
	+ (SELECT count(*)
	FROM audit_writers w LEFT JOIN audit_search_positions p ON p.writer_id = w.id
	CROSS JOIN LATERAL (
		SELECT * FROM audit_log WHERE writer_id = w.id AND seq > coalesce(p.seq, 0)
			AND ($1::uuid IS NULL OR actor_id = $1::uuid)
			AND ($2::text IS NULL OR action = $2::text)
			AND ($3::text[] IS NULL OR action = ANY ($3::text[]))
			AND ($4::text IS NULL OR entity_kind = $4::text)
			AND ($5::uuid IS NULL OR entity_id = $5::uuid)
			AND ($6::text[] IS NULL OR outcome = ANY ($6::text[]))
			AND ($7::timestamptz IS NULL OR at >= $7::timestamptz)
			AND ($8::timestamptz IS NULL OR at < $8::timestamptz)
		OFFSET 0) l
	WHERE w.seq > coalesce(p.seq, 0))
	+ (SELECT count(*) FROM audit_folds
	WHERE ($1::uuid IS NULL OR actor_id = $1::uuid)
		AND ($2::text IS NULL OR action = $2::text)
		AND ($3::text[] IS NULL OR action = ANY ($3::text[]))
		AND ($4::text IS NULL OR entity_kind = $4::text)
		AND ($5::uuid IS NULL OR entity_id = $5::uuid)
		AND ($6::text[] IS NULL OR outcome = ANY ($6::text[]))
		AND ($7::timestamptz IS NULL OR at >= $7::timestamptz)
		AND ($8::timestamptz IS NULL OR at < $8::timestamptz)) END AS count;
