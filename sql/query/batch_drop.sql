-- Takes away a batch that was deleted, with its totals, once nothing is left of it. Where a code of it
-- was redeemed, by somebody who was under way when it was deleted, it comes back as archived: what was
-- paid is not hidden.
-- $1 id uuid
WITH empty AS (
	SELECT b.id FROM batches b
	WHERE b.id = $1::uuid AND b.deleted_at IS NOT NULL
		AND NOT EXISTS (SELECT FROM promo_codes p WHERE p.batch_id = b.id)
), counted AS (
	DELETE FROM totals t USING empty e WHERE t.batch_id = e.id
), paid AS (
	UPDATE batches b SET deleted_at = NULL, ready_codes = total_codes, updated_at = now(),
		version = version + 1
	WHERE b.id = $1::uuid AND b.deleted_at IS NOT NULL AND EXISTS (SELECT FROM promo_codes p
		WHERE p.batch_id = b.id AND p.status IN ('redeemed', 'reported'))
)
DELETE FROM batches b USING empty e WHERE b.id = e.id;
