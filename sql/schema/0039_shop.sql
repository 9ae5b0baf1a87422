-- What people look for in a log of millions: read from the newest on, as far as somebody waits for it.

-- What was refused is a small part of the log. Redemptions that were paid are not written into this.
CREATE INDEX redemptions_refused_idx ON redemptions (id) WHERE status <> 'completed';

-- The batch of a code that was refused. What was paid is found by the days that its batch has totals of;
-- a used code may be brought again on any day.
ALTER TABLE redemptions ADD COLUMN refused_batch_id uuid;
UPDATE redemptions r SET refused_batch_id = p.batch_id
FROM promo_codes p WHERE r.status <> 'completed' AND p.id = r.promo_code_id;
ALTER TABLE redemptions ADD CONSTRAINT redemptions_refused_batch_check
	CHECK (status = 'completed' OR refused_batch_id IS NOT NULL);
CREATE INDEX redemptions_refused_batch_idx ON redemptions (refused_batch_id, id)
	WHERE refused_batch_id IS NOT NULL;

-- One may have very many: then the newest of them are read by it, not all.
DROP INDEX redemptions_customer_idx;
CREATE INDEX redemptions_customer_idx ON redemptions (customer_id, id);

-- The least id that was given out then, since ids rise with time.
CREATE FUNCTION promo_id_at(at timestamptz) RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT (lpad(to_hex(greatest(floor(extract(epoch FROM $1) * 1000)::bigint, 0)), 12, '0')
		|| repeat('0', 20))::uuid
$$;

-- So many redemptions from `before` on, newest first, among which all are that fit: of a clerk, or those
-- that were refused, or those of the days on which something of a batch was redeemed and what was
-- refused of it, or of all. Days are a day wider, for a daemon whose clock is off and for whatever zone the
-- totals were counted in. A planner takes it apart, so that only the branch in question is left.
CREATE FUNCTION promo_redemptions_looked(before uuid, since timestamptz, until timestamptz, batch uuid,
	clerk uuid, statuses text[], depth bigint) RETURNS SETOF redemptions
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	(SELECT * FROM redemptions
	WHERE $5 IS NOT NULL AND user_id = $5
		AND ($1 IS NULL OR (created_at, id) < ((SELECT created_at FROM redemptions WHERE id = $1), $1))
		AND ($2 IS NULL OR created_at >= $2) AND ($3 IS NULL OR created_at < $3)
	ORDER BY created_at DESC, id DESC LIMIT $7)
	UNION ALL
	(SELECT * FROM redemptions
	WHERE $5 IS NULL AND NOT 'completed' = ANY ($6) AND status <> 'completed'
		AND ($4 IS NULL OR refused_batch_id = $4) AND ($1 IS NULL OR id < $1)
		AND ($2 IS NULL OR id >= promo_id_at($2 - interval '1 day'))
		AND ($3 IS NULL OR id < promo_id_at($3 + interval '1 day'))
	ORDER BY id DESC LIMIT $7)
	UNION ALL
	(SELECT * FROM (
		(SELECT r.* FROM (
			SELECT DISTINCT t.day + n AS day FROM totals t, generate_series(-1, 1) n
			WHERE t.batch_id = $4 AND t.redeemed > 0 ORDER BY 1 DESC) d
		CROSS JOIN LATERAL (
			SELECT * FROM redemptions
			WHERE status = 'completed' AND ($1 IS NULL OR id < $1)
				AND ($2 IS NULL OR id >= promo_id_at($2 - interval '1 day'))
				AND ($3 IS NULL OR id < promo_id_at($3 + interval '1 day'))
				AND id >= promo_id_at(d.day::timestamp AT TIME ZONE 'UTC')
				AND id < promo_id_at((d.day + 1)::timestamp AT TIME ZONE 'UTC')
			ORDER BY id DESC LIMIT $7) r
		WHERE $4 IS NOT NULL AND $5 IS NULL AND ($6 IS NULL OR 'completed' = ANY ($6))
		ORDER BY d.day DESC, r.id DESC LIMIT $7)
		UNION ALL
		(SELECT * FROM redemptions
		WHERE $5 IS NULL AND ($6 IS NULL OR 'completed' = ANY ($6))
			AND refused_batch_id = $4 AND ($1 IS NULL OR id < $1)
			AND ($2 IS NULL OR id >= promo_id_at($2 - interval '1 day'))
			AND ($3 IS NULL OR id < promo_id_at($3 + interval '1 day'))
		ORDER BY id DESC LIMIT $7)) b
	ORDER BY id DESC LIMIT $7)
	UNION ALL
	(SELECT * FROM redemptions
	WHERE $4 IS NULL AND $5 IS NULL AND ($6 IS NULL OR 'completed' = ANY ($6))
		AND ($1 IS NULL OR id < $1)
		AND ($2 IS NULL OR id >= promo_id_at($2 - interval '1 day'))
		AND ($3 IS NULL OR id < promo_id_at($3 + interval '1 day'))
	ORDER BY id DESC LIMIT $7)
$$;
