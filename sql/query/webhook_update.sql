-- Changes a webhook; the caller holds its lock and gives every value. One that is switched on begins
-- anew: what failed is forgotten.
-- $1 id uuid
-- $2 url text
-- $3 description text
-- $4 events text[]
-- $5 is_active boolean
UPDATE webhooks SET
	url = $2::text, description = $3::text, events = $4::text[], is_active = $5::boolean,
	failing_since = CASE WHEN is_active OR NOT $5::boolean THEN failing_since END,
	disabled_at = CASE WHEN NOT $5::boolean THEN disabled_at END,
	disabled_reason = CASE WHEN NOT $5::boolean THEN disabled_reason END,
	told_at = CASE WHEN NOT $5::boolean THEN told_at END,
	updated_at = now()
WHERE id = $1::uuid
