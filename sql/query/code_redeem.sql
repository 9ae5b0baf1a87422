-- Redeems a code, if code and batch are still what was decided upon.
-- $1 id uuid
-- $2 batch_version bigint
UPDATE promo_codes p SET status = 'redeemed', redeemed_at = now()
WHERE p.id = $1::uuid AND p.status = 'active'
	AND EXISTS (SELECT FROM batches b WHERE b.id = p.batch_id AND b.version = $2::bigint);
