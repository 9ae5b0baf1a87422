-- How many codes there are and how many of them are of some effective statuses, by the stored totals;
-- and how many lie among them that exist for nobody, since a job still makes them or takes them away.
-- $1 batch_id uuid
-- $2 status text[]
-- -> tally
SELECT coalesce(sum(ready_codes), 0)::bigint AS total,
	coalesce(sum(
		CASE WHEN 'active' = ANY ($2::text[]) THEN "counts.active" ELSE 0 END
		+ CASE WHEN 'redeemed' = ANY ($2::text[]) THEN "counts.redeemed" ELSE 0 END
		+ CASE WHEN 'reported' = ANY ($2::text[]) THEN "counts.reported" ELSE 0 END
		+ CASE WHEN 'expired' = ANY ($2::text[]) THEN "counts.expired" ELSE 0 END
		+ CASE WHEN 'blocked' = ANY ($2::text[]) THEN "counts.blocked" ELSE 0 END), 0)::bigint
		AS fitting,
	EXISTS (SELECT FROM promo_codes
		WHERE expires_at IS NOT NULL AND ($1::uuid IS NULL OR batch_id = $1::uuid)) AS own_ends,
	((SELECT coalesce(sum(j.done), 0) FROM jobs j
			WHERE j.kind IN ('generate', 'import') AND j.status IN ('queued', 'running'))
		+ (SELECT coalesce(sum(greatest(d.total_codes - j.done, 0)), 0) FROM jobs j
			JOIN batches d ON d.id = j.batch_id AND d.deleted_at IS NOT NULL
			WHERE j.kind = 'bulk' AND j.status IN ('queued', 'running')))::bigint AS unready
FROM batch_rows
WHERE $1::uuid IS NULL OR id = $1::uuid;
