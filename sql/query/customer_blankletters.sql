-- Takes these phone numbers out of what waits to be sent, or was. Who a letter goes to is one of the
-- staff, and stays.
-- $1 phone_numbers text[]
WITH letters AS (
	UPDATE outbox SET payload = replace(payload::text, p, 'erased')::jsonb
	FROM unnest($1::text[]) p WHERE strpos(payload::text, p) > 0
)
UPDATE webhook_deliveries SET payload = replace(payload::text, p, 'erased')::jsonb
FROM unnest($1::text[]) p WHERE strpos(payload::text, p) > 0;
