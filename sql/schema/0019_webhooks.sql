-- Webhooks: whose secret opens with which key, since when one fails, and until when its deliveries are
-- tried.
ALTER TABLE webhooks ADD COLUMN description text;
ALTER TABLE webhooks ADD COLUMN key_id text NOT NULL DEFAULT '';
ALTER TABLE webhooks ADD COLUMN failing_since timestamptz;
ALTER TABLE webhooks ADD COLUMN disabled_at timestamptz;
ALTER TABLE webhooks ADD COLUMN disabled_reason text CONSTRAINT webhooks_disabled_reason_check
	CHECK (disabled_reason IN ('gone', 'failing'));
ALTER TABLE webhooks ADD COLUMN told_at timestamptz; -- that it was disabled

ALTER TABLE webhook_deliveries ADD COLUMN expires_at timestamptz NOT NULL
	DEFAULT now() + interval '3 days';
CREATE INDEX webhook_deliveries_waiting_idx ON webhook_deliveries (next_at) WHERE status = 'waiting';
CREATE INDEX webhook_deliveries_webhook_idx ON webhook_deliveries (webhook_id, id);

CREATE VIEW webhook_rows AS
SELECT w.id, w.url, w.description, w.events, w.is_active, w.failing_since, w.disabled_at,
	w.disabled_reason,
	c.id AS "created_by.id", c.first_name || ' ' || c.last_name AS "created_by.name",
	w.created_at, w.updated_at
FROM webhooks w
LEFT JOIN users c ON c.id = w.created_by;

CREATE VIEW webhook_delivery_rows AS
SELECT d.id, d.webhook_id, d.event, d.status, d.attempts, d.response_status, d.last_error,
	CASE d.status WHEN 'waiting' THEN d.next_at END AS next_at, d.created_at, d.delivered_at,
	d.payload AS data
FROM webhook_deliveries d;

GRANT SELECT ON webhook_rows, webhook_delivery_rows TO promo_app;
