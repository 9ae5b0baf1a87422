-- Floods in the audit trail (docs/decisions/0012): what repeats within a minute is counted here, in
-- the transaction of its answer, and moved into audit_log as one row with its count when the minute is
-- over. Each writer counts in rows of its own, so nobody waits for anybody; key is a hash of all
-- columns that make rows equal.
CREATE TABLE audit_folds (
	minute timestamptz NOT NULL,
	writer_id bigint NOT NULL,
	key text NOT NULL,
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
	request_id text, -- of the first of them, as user_agent
	count bigint NOT NULL,
	first_at timestamptz NOT NULL DEFAULT now(),
	last_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT audit_folds_pkey PRIMARY KEY (minute, writer_id, key)
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_folds TO promo_app;

-- A writer that wrote nothing for long is closed: it can write no more (its next transaction fails
-- as a whole, and its connection registers anew), so nobody who changes a batch has to wait for it.
ALTER TABLE audit_writers ADD COLUMN last_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE audit_writers ADD COLUMN closed_at timestamptz;

-- A row without a writer that may write has no number.
ALTER TABLE audit_log ADD CONSTRAINT audit_log_seq_check CHECK (seq > 0);
