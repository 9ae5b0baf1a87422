-- Floods in the audit trail (docs/decisions/0012): what repeats within a minute is counted here, in
-- the transaction of its answer, and moved into audit_log as one row with its count when the minute is
-- over. Each writer counts in rows of its own, so nobody waits for anybody; key is a hash of all
-- columns that make rows equal.
CREATE TABLE audit_folds (
	minute timestamptz NOT NULL,
	writer_id bigint NOT NULL,
	key text NOT NULL,
	id uuid NOT NULL, -- of the row that it becomes
	actor_kind text NOT NULL,
	actor_id uuid,
	session_id uuid,
	ip inet,
	user_agent text,
	action text NOT NULL,
	permission text,
	entity_kind text,
	entity_id uuid,
	outcome text NOT NULL,
	error text,
	request_id text, -- of the first of them, as user_agent and at
	at timestamptz NOT NULL DEFAULT now(),
	count bigint NOT NULL,
	CONSTRAINT audit_folds_pkey PRIMARY KEY (minute, writer_id, key)
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_folds TO promo_app;

-- Whoever reads the trail sees what is still counted.
CREATE OR REPLACE VIEW audit_rows AS
SELECT l.id, l.at, l.actor_id AS "actor.id", u.first_name || ' ' || u.last_name AS "actor.name",
	l.actor_kind AS "actor.kind", l.session_id, host(l.ip) AS ip, l.user_agent, l.action,
	l.permission, l.entity_kind AS "entity.kind", l.entity_id AS "entity.id", l.outcome, l.error,
	l.changes, l.count, l.request_id
FROM (
	SELECT id, at, actor_kind, actor_id, session_id, ip, user_agent, action, permission,
		entity_kind, entity_id, outcome, error, changes, count, request_id
	FROM audit_log
	UNION ALL
	SELECT id, at, actor_kind, actor_id, session_id, ip, user_agent, action, permission,
		entity_kind, entity_id, outcome, error, '[]'::jsonb, count, request_id
	FROM audit_folds) l
LEFT JOIN users u ON u.id = l.actor_id;

-- A writer that wrote nothing for long is closed: it can write no more (its next transaction fails
-- as a whole, and its connection registers anew), so nobody who changes a batch has to wait for it.
ALTER TABLE audit_writers ADD COLUMN last_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE audit_writers ADD COLUMN closed_at timestamptz;

-- A row without a writer that may write has no number.
ALTER TABLE audit_log ADD CONSTRAINT audit_log_seq_check CHECK (seq > 0);
