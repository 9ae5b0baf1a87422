-- Whether a batch has codes of 16 characters without the date where the standard pattern has it.
-- $1 standard text
-- -> count
SELECT count(*) AS count FROM (
	SELECT FROM batches
	WHERE other_codes
		OR length(replace(code_format, '-', '')) = length(replace($1::text, '-', ''))
		AND replace(code_format, '-', '') <> replace($1::text, '-', '')
	LIMIT 1) b;
