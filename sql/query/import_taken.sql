-- Which of some codes exist, also those that exist for nobody yet.
-- $1 codes text[]
-- $2 batch_id uuid of the import
-- $3 first_serial bigint of the import
-- -> import_taken
SELECT i.ord, p.in_file, p.printed
FROM unnest($1::text[]) WITH ORDINALITY AS i (code, ord)
CROSS JOIN LATERAL (
	SELECT p.batch_id = $2::uuid AND p.serial >= $3::bigint AS in_file,
		coalesce(p.metadata ->> 'printed', p.code) AS printed
	FROM promo_codes p WHERE p.code = i.code LIMIT 1) p;
