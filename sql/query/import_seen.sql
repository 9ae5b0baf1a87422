-- Which of some codes a dry run has seen before.
-- $1 codes text[]
-- $2 job_id uuid
-- -> import_taken
SELECT i.ord, true AS in_file, c.printed
FROM unnest($1::text[]) WITH ORDINALITY AS i (code, ord)
CROSS JOIN LATERAL (
	SELECT printed FROM import_codes WHERE job_id = $2::uuid AND code = i.code LIMIT 1) c;
