-- Disables webhooks that nothing but failed for days.
-- $1 days bigint
UPDATE webhooks SET is_active = false, disabled_at = now(), disabled_reason = 'failing'
WHERE is_active AND failing_since < now() - make_interval(days => $1::bigint::integer)
