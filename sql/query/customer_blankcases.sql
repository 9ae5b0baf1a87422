-- Takes those who had these phone numbers out of the cases in which they are claimants, and out of
-- the notes and descriptions that have their number.
-- $1 phone_numbers text[]
WITH named AS (
	UPDATE fraud_reports SET claimant_first_name = NULL, claimant_last_name = NULL,
		claimant_phone_number = NULL
	WHERE claimant_phone_number = ANY ($1::text[])
), described AS (
	UPDATE fraud_reports SET description = 'erased'
	WHERE NOT coalesce(claimant_phone_number, '') = ANY ($1::text[])
		AND EXISTS (SELECT FROM unnest($1::text[]) p WHERE strpos(description, p) > 0)
)
UPDATE fraud_notes SET text = 'erased'
WHERE EXISTS (SELECT FROM unnest($1::text[]) p WHERE strpos(text, p) > 0);
