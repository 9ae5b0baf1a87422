-- Forgets old deliveries.
-- $1 days bigint
DELETE FROM webhook_deliveries
WHERE status <> 'waiting' AND created_at < now() - make_interval(days => $1::bigint::integer)
