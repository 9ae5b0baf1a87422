-- Takes names and numbers out of the answers to reports that are kept for those who ask again, where
-- one of these phone numbers stands.
-- $1 phone_numbers text[]
UPDATE idempotency_keys SET answer = regexp_replace(answer,
	'"(first_name|last_name|phone_number|description|text)": ?"(?:[^"\\]|\\.)*"', '"\1":null', 'g')
WHERE operation LIKE 'fraud-report.%'
	AND EXISTS (SELECT FROM unnest($1::text[]) p WHERE strpos(answer, p) > 0);
