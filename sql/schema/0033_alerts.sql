-- Alerts that are raised by rules, followed up and escalated (docs/decisions/0039).

-- Since when it stands where it stands: open, one step further up, or acknowledged.
ALTER TABLE alerts ADD COLUMN since timestamptz NOT NULL DEFAULT now();
-- Whether the trail has a row that says it was raised: the watch writes it, whoever raised it.
ALTER TABLE alerts ADD COLUMN noted boolean NOT NULL DEFAULT false;
UPDATE alerts SET noted = true;
CREATE INDEX alerts_noted_idx ON alerts (id) WHERE NOT noted;
CREATE INDEX alerts_since_idx ON alerts (since) WHERE status <> 'resolved';
-- What was resolved is no evidence any more.
CREATE INDEX alerts_resolved_idx ON alerts (dedupe_key, last_at) WHERE status = 'resolved';

CREATE VIEW alert_rows AS
SELECT a.id, a.kind, a.severity, a.status, a.title, a.evidence, a.count, a.first_at, a.last_at,
	u.id AS "acknowledged_by.id", u.first_name || ' ' || u.last_name AS "acknowledged_by.name",
	a.acknowledged_at,
	v.id AS "resolved_by.id", v.first_name || ' ' || v.last_name AS "resolved_by.name",
	a.resolved_at, a.note, a.escalation_step
FROM alerts a
LEFT JOIN users u ON u.id = a.acknowledged_by
LEFT JOIN users v ON v.id = a.resolved_by;
GRANT SELECT ON alert_rows TO promo_app;

-- One daemon watches at a time, as long as it says so.
CREATE TABLE alert_watch (
	id integer CONSTRAINT alert_watch_pkey PRIMARY KEY CONSTRAINT alert_watch_id_check CHECK (id = 1),
	owner text,
	position text, -- up to where the rules have read the trail (ops/feed.h)
	lease_until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO alert_watch (id) VALUES (1);

-- What the rules count and no other table holds: codes that do not exist, used codes shown again.
CREATE TABLE alert_sightings (
	writer_id bigint NOT NULL,
	seq bigint NOT NULL,
	kind text NOT NULL CONSTRAINT alert_sightings_kind_check CHECK (kind IN ('miss', 'used')),
	subject uuid NOT NULL, -- a user who missed, a code that was used
	at timestamptz NOT NULL,
	count bigint NOT NULL,
	CONSTRAINT alert_sightings_pkey PRIMARY KEY (writer_id, seq)
);
CREATE INDEX alert_sightings_subject_idx ON alert_sightings (kind, subject, at);
CREATE INDEX alert_sightings_at_idx ON alert_sightings (at);
GRANT SELECT, UPDATE ON alert_watch TO promo_app;
GRANT SELECT, INSERT, DELETE ON alert_sightings TO promo_app;
