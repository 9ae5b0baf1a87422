-- Takes away a batch that was deleted, with its totals, once nothing is left of it.
-- $1 id uuid
WITH empty AS (
	SELECT b.id FROM batches b
	WHERE b.id = $1::uuid AND b.deleted_at IS NOT NULL
		AND NOT EXISTS (SELECT FROM promo_codes p WHERE p.batch_id = b.id)
), counted AS (
	DELETE FROM totals t USING empty e WHERE t.batch_id = e.id
)
DELETE FROM batches b USING empty e WHERE b.id = e.id;
