-- One page of audit entries, newest first: of what audit_search knows, of the rows that it does not know
-- yet, and of what is still counted. The schema says why the order of time is named in two ways. Several
-- actions are looked up one by one, since no index has more than one of them in that order.
-- planned anew
-- $1 actor_id uuid
-- $2 action text where it is one
-- $3 actions text[] where there are several
-- $4 entity_kind text
-- $5 entity_id uuid
-- $6 outcome text[]
-- $7 from timestamptz
-- $8 to timestamptz
-- $9 place bigint
-- $10 before uuid
-- $11 limit bigint
-- -> audit_entry
WITH behind AS (
	SELECT l.writer_id, l.seq, l.at, l.id
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
			AND ($9::bigint IS NULL OR (at, id) < (timestamptz 'epoch'
				+ least(greatest($9::bigint, 0), 32503680000000000) * interval '1 microsecond',
				$10::uuid))
		OFFSET 0) l
	WHERE w.seq > coalesce(p.seq, 0)
	ORDER BY l.at DESC, l.id DESC
	LIMIT $11::bigint
), named AS (
	SELECT writer_id, seq, at, id FROM audit_search
	WHERE $3::text[] IS NULL
		AND ($2::text IS NOT NULL OR $5::uuid IS NOT NULL
			OR ($4::text IS NOT NULL AND $4::text NOT IN ('code', 'redemption'))
			OR ($6::text[] IS NOT NULL AND 'allowed' <> ALL ($6::text[])))
		AND ($1::uuid IS NULL OR actor_id = $1::uuid)
		AND ($2::text IS NULL OR action = $2::text)
		AND ($4::text IS NULL OR entity_kind = $4::text)
		AND ($5::uuid IS NULL OR entity_id = $5::uuid)
		AND ($6::text[] IS NULL OR outcome = ANY ($6::text[]))
		AND ($7::timestamptz IS NULL OR at >= $7::timestamptz)
		AND ($8::timestamptz IS NULL OR at < $8::timestamptz)
		AND ($9::bigint IS NULL OR (at, id) < (timestamptz 'epoch'
			+ least(greatest($9::bigint, 0), 32503680000000000) * interval '1 microsecond',
			$10::uuid))
	ORDER BY at DESC, id DESC
	LIMIT $11::bigint
), by_time AS (
	SELECT writer_id, seq, at, id FROM audit_search
	WHERE $3::text[] IS NULL
		AND NOT ($2::text IS NOT NULL OR $5::uuid IS NOT NULL
			OR ($4::text IS NOT NULL AND $4::text NOT IN ('code', 'redemption'))
			OR ($6::text[] IS NOT NULL AND 'allowed' <> ALL ($6::text[])))
		AND ($1::uuid IS NULL OR actor_id = $1::uuid)
		AND ($4::text IS NULL OR entity_kind = $4::text)
		AND ($6::text[] IS NULL OR outcome = ANY ($6::text[]))
		AND ($7::timestamptz IS NULL
			OR at AT TIME ZONE 'UTC' >= $7::timestamptz AT TIME ZONE 'UTC')
		AND ($8::timestamptz IS NULL
			OR at AT TIME ZONE 'UTC' < $8::timestamptz AT TIME ZONE 'UTC')
		AND ($9::bigint IS NULL OR (at AT TIME ZONE 'UTC', id) < (timestamp 'epoch'
			+ least(greatest($9::bigint, 0), 32503680000000000) * interval '1 microsecond',
			$10::uuid))
	ORDER BY at AT TIME ZONE 'UTC' DESC, id DESC
	LIMIT $11::bigint
), each_action AS (
	SELECT s.* FROM unnest($3::text[]) AS a (action)
	CROSS JOIN LATERAL (
		SELECT writer_id, seq, at, id FROM audit_search
		WHERE ($1::uuid IS NULL OR actor_id = $1::uuid)
			AND action = a.action
			AND ($4::text IS NULL OR entity_kind = $4::text)
			AND ($5::uuid IS NULL OR entity_id = $5::uuid)
			AND ($6::text[] IS NULL OR outcome = ANY ($6::text[]))
			AND ($7::timestamptz IS NULL OR at >= $7::timestamptz)
			AND ($8::timestamptz IS NULL OR at < $8::timestamptz)
			AND ($9::bigint IS NULL OR (at, id) < (timestamptz 'epoch'
				+ least(greatest($9::bigint, 0), 32503680000000000) * interval '1 microsecond',
				$10::uuid))
		ORDER BY at DESC, id DESC
		LIMIT $11::bigint) s
), found AS (
	SELECT * FROM behind UNION SELECT * FROM named UNION SELECT * FROM by_time UNION SELECT * FROM each_action
	ORDER BY at DESC, id DESC
	LIMIT $11::bigint
), entry AS (
	SELECT l.id, l.at, l.actor_kind, l.actor_id, l.session_id, l.ip, l.user_agent, l.action,
		l.permission, l.entity_kind, l.entity_id, l.outcome, l.error, l.changes, l.count,
		l.request_id
	FROM found f
	CROSS JOIN LATERAL (
		SELECT * FROM audit_log WHERE writer_id = f.writer_id AND seq = f.seq LIMIT 1) l
	UNION ALL
	SELECT id, at, actor_kind, actor_id, session_id, ip, user_agent, action, permission,
		entity_kind, entity_id, outcome, error, '[]'::jsonb, count, request_id
	FROM audit_folds
	WHERE ($1::uuid IS NULL OR actor_id = $1::uuid)
		AND ($2::text IS NULL OR action = $2::text)
		AND ($3::text[] IS NULL OR action = ANY ($3::text[]))
		AND ($4::text IS NULL OR entity_kind = $4::text)
		AND ($5::uuid IS NULL OR entity_id = $5::uuid)
		AND ($6::text[] IS NULL OR outcome = ANY ($6::text[]))
		AND ($7::timestamptz IS NULL OR at >= $7::timestamptz)
		AND ($8::timestamptz IS NULL OR at < $8::timestamptz)
		AND ($9::bigint IS NULL OR (at, id) < (timestamptz 'epoch'
			+ least(greatest($9::bigint, 0), 32503680000000000) * interval '1 microsecond',
			$10::uuid))
)
SELECT l.id, l.at, l.actor_id AS "actor.id", u.first_name || ' ' || u.last_name AS "actor.name",
	l.actor_kind AS "actor.kind", l.session_id, host(l.ip) AS ip, l.user_agent, l.action,
	l.permission, l.entity_kind AS "entity.kind", l.entity_id AS "entity.id", l.outcome, l.error,
	l.changes, l.count, l.request_id, (extract(epoch FROM l.at) * 1000000)::bigint AS place
FROM entry l
LEFT JOIN users u ON u.id = l.actor_id
ORDER BY l.at DESC, l.id DESC
LIMIT $11::bigint;
