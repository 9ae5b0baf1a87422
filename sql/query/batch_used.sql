-- Whether a code of the batch was ever redeemed, imported ones that were used before among them.
-- $1 id uuid
-- -> truth
SELECT EXISTS (SELECT FROM promo_codes p
	WHERE p.batch_id = $1::uuid AND p.status IN ('redeemed', 'reported')) AS yes;
