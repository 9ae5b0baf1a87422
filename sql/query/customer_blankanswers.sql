-- Takes names, numbers and texts out of the answers about cases that are kept for those who ask again,
-- where one of these phone numbers stands, however it is written.
-- $1 phone_numbers text[]
UPDATE idempotency_keys SET answer = regexp_replace(answer,
	'"(first_name|last_name|phone_number|description|resolution|note|text)": ?"(?:[^"\\]|\\.)*"',
	'"\1":null', 'g')
WHERE operation LIKE 'fraud-report.%'
	AND EXISTS (SELECT FROM unnest($1::text[]) p
		WHERE strpos(regexp_replace(answer, '[ ()./-]', '', 'g'), right(p, 9)) > 0);
