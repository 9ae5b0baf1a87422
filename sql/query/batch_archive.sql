-- Archives the batches of which every code was redeemed.
-- -> id
UPDATE batches b SET status = 'archived', updated_at = now(), version = version + 1
WHERE b.status = 'active' AND b.deleted_at IS NULL AND b.total_codes > 0
	AND b.ready_codes = b.total_codes
	AND (SELECT sum(t.redeemed + t.imported) > 0
			AND sum(t.redeemed + t.imported + t.deleted) >= b.total_codes
		FROM totals t WHERE t.batch_id = b.id)
RETURNING b.id;
