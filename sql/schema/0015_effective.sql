-- The rule of promo_codes_effective as a function of its own, for statements that look at many codes
-- before they look at their batches. It is expanded where it stands, as the view is.
CREATE FUNCTION code_effective_status(own text, own_end timestamptz, batch text, batch_end timestamptz)
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE
		WHEN own IN ('reported', 'redeemed') THEN own
		WHEN own = 'blocked' OR batch IN ('blocked', 'archived') THEN 'blocked'
		WHEN batch = 'expired' OR least(own_end, batch_end) <= now() THEN 'expired'
		ELSE 'active'
	END
$$;

CREATE OR REPLACE VIEW promo_codes_effective AS
SELECT p.id, p.code, p.batch_id, p.serial, p.amount, p.status, p.created_at, p.expires_at,
	p.redeemed_at, p.reported_at, p.blocked_at, p.metadata,
	b.batch_name, b.currency, b.status AS batch_status,
	least(p.expires_at, b.expiration_date) AS effective_expires_at,
	code_effective_status(p.status, p.expires_at, b.status, b.expiration_date)
		AS effective_status
FROM promo_codes p
JOIN batches b ON b.id = p.batch_id
WHERE p.serial <= b.ready_codes;
