-- Makes the codes of an import exist for people. A batch that was archived because nothing was left
-- of it has something again. None: it is not as it was left, or what its codes are worth was changed
-- between the chunks, which can have happened once at most: who changes it finds no job, or waits.
-- $1 id uuid
-- $2 count bigint
-- $3 unlike_ours boolean
UPDATE batches b SET total_codes = total_codes + $2::bigint::integer,
	ready_codes = ready_codes + $2::bigint::integer,
	other_codes = other_codes OR $3::boolean,
	status = CASE
		WHEN status = 'archived' AND (SELECT sum(t.redeemed + t.imported + t.deleted) FROM totals t
			WHERE t.batch_id = b.id) >= total_codes THEN 'active'
		ELSE status END,
	updated_at = now(), version = version + 1
WHERE id = $1::uuid AND deleted_at IS NULL AND total_codes = ready_codes AND amount_per_code = (SELECT p.amount
	FROM promo_codes p WHERE p.batch_id = b.id AND p.serial = b.total_codes + 1);
