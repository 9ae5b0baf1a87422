-- An id has the time of its daemon, before the redemption is written; its day is counted by the database's
-- clock when it is. Around midnight they are of two days: a run of days is read a minute further on either
-- side (clocks that differ by more than 5 seconds are told of at /readyz).
-- So many redemptions from `before` on, newest first, among which all are that fit, as 0041 has it.
CREATE OR REPLACE FUNCTION promo_redemptions_looked(before uuid, since timestamptz, until timestamptz, batch uuid,
	clerk uuid, statuses text[], depth bigint, zone text) RETURNS SETOF redemptions
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
			SELECT day, lag(day) OVER (ORDER BY day) IS DISTINCT FROM day - 1 AS is_first,
				lead(day) OVER (ORDER BY day) IS DISTINCT FROM day + 1 AS is_last
			FROM (SELECT DISTINCT t.day + n AS day FROM totals t, generate_series(-1, 1) n
				WHERE t.batch_id = $4 AND t.redeemed > 0
					-- Until the shop set its zone days were those of another one.
					AND (n = 0 OR t.day <= (SELECT updated_at::date + 1 FROM system_settings
						WHERE category = 'locale' AND key = 'time_zone'))) a
			ORDER BY day DESC) d
		CROSS JOIN LATERAL (
			SELECT * FROM redemptions
			WHERE status = 'completed' AND ($1 IS NULL OR id < $1)
				AND ($2 IS NULL OR id >= promo_id_at($2 - interval '1 day'))
				AND ($3 IS NULL OR id < promo_id_at($3 + interval '1 day'))
				AND id >= promo_id_at(d.day::timestamp AT TIME ZONE $8
					- CASE WHEN d.is_first THEN interval '1 minute' ELSE interval '0' END)
				AND id < promo_id_at((d.day + 1)::timestamp AT TIME ZONE $8
					+ CASE WHEN d.is_last THEN interval '1 minute' ELSE interval '0' END)
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
