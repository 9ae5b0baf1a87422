-- Takes those who had these phone numbers out of the cases in which they are claimants, and out of
-- the notes, descriptions and resolutions that have their number, however it is written there.
-- $1 phone_numbers text[]
WITH gone AS (
	-- The last nine digits: people write numbers with a zero in place of the country.
	SELECT right(p, 9) AS digits FROM unnest($1::text[]) p
), named AS (
	UPDATE fraud_reports SET claimant_first_name = NULL, claimant_last_name = NULL,
		claimant_phone_number = NULL,
		description = CASE WHEN EXISTS (SELECT FROM gone
			WHERE strpos(regexp_replace(description, '[^0-9]', '', 'g'), digits) > 0)
			THEN 'erased' ELSE description END,
		resolution = CASE WHEN EXISTS (SELECT FROM gone
			WHERE strpos(regexp_replace(resolution, '[^0-9]', '', 'g'), digits) > 0)
			THEN 'erased' ELSE resolution END
	WHERE claimant_phone_number = ANY ($1::text[])
), told AS (
	UPDATE fraud_reports SET
		description = CASE WHEN EXISTS (SELECT FROM gone
			WHERE strpos(regexp_replace(description, '[^0-9]', '', 'g'), digits) > 0)
			THEN 'erased' ELSE description END,
		resolution = CASE WHEN EXISTS (SELECT FROM gone
			WHERE strpos(regexp_replace(resolution, '[^0-9]', '', 'g'), digits) > 0)
			THEN 'erased' ELSE resolution END
	WHERE NOT coalesce(claimant_phone_number, '') = ANY ($1::text[])
		AND EXISTS (SELECT FROM gone WHERE strpos(regexp_replace(
			concat_ws('/', description, resolution), '[^0-9/]', '', 'g'), digits) > 0)
)
UPDATE fraud_notes SET text = 'erased'
WHERE EXISTS (SELECT FROM gone
	WHERE strpos(regexp_replace(text, '[^0-9]', '', 'g'), digits) > 0);
