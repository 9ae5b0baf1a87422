-- Makes the codes of an import exist for people. A batch that was archived because nothing was left
-- of it has something again.
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
WHERE id = $1::uuid AND total_codes = ready_codes;
