-- Takes these phone numbers out of what waits to be sent, or was. Who a letter goes to is one of the
-- staff, and stays.
-- $1 phone_numbers text[]
WITH gone AS (
	-- Not a piece of a longer number, which is another one.
	SELECT '\+(' || string_agg(substr(p, 2), '|') || ')(?![0-9])' AS pattern FROM unnest($1::text[]) p
), letters AS (
	UPDATE outbox SET payload = regexp_replace(payload::text, pattern, 'erased', 'g')::jsonb
	FROM gone WHERE payload::text ~ pattern
)
UPDATE webhook_deliveries SET payload = regexp_replace(payload::text, pattern, 'erased', 'g')::jsonb
FROM gone WHERE payload::text ~ pattern;
