-- Jobs, audit, settings, alerts, notifications and what carries messages out.

CREATE TABLE system_settings (
	id uuid CONSTRAINT system_settings_pkey PRIMARY KEY,
	category text NOT NULL CONSTRAINT system_settings_category_check CHECK (category IN
		('branding', 'security', 'notifications', 'backup', 'maintenance', 'codes',
		'redemption', 'alerts', 'privacy', 'locale', 'registration')),
	key text NOT NULL,
	value jsonb NOT NULL,
	version integer NOT NULL DEFAULT 1,
	updated_by_user_id uuid CONSTRAINT system_settings_updated_by_fkey REFERENCES users (id),
	updated_at timestamptz NOT NULL DEFAULT now(),
	created_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT system_settings_key UNIQUE (category, key)
);

-- Answers that a repeated Idempotency-Key gets again. Redemptions keep theirs in their own row.
CREATE TABLE idempotency_keys (
	user_id uuid NOT NULL CONSTRAINT idempotency_keys_user_fkey REFERENCES users (id),
	key text NOT NULL,
	operation text NOT NULL,
	request_hash text NOT NULL,
	status integer NOT NULL,
	answer text NOT NULL,
	etag text,
	location text,
	created_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_created_idx ON idempotency_keys (created_at);

CREATE TABLE jobs (
	id uuid CONSTRAINT jobs_pkey PRIMARY KEY,
	kind text NOT NULL CONSTRAINT jobs_kind_check CHECK (kind IN
		('generate', 'import', 'export', 'pdf', 'backup', 'restore_check')),
	status text NOT NULL DEFAULT 'queued' CONSTRAINT jobs_status_check CHECK (status IN
		('queued', 'running', 'succeeded', 'failed', 'cancelled')),
	-- No foreign key: the job outlives a batch that its cancellation took away.
	batch_id uuid,
	params jsonb NOT NULL DEFAULT '{}',
	done bigint NOT NULL DEFAULT 0,
	total bigint NOT NULL DEFAULT 0,
	error_code text,
	error_detail text,
	result jsonb NOT NULL DEFAULT '{}',
	priority integer NOT NULL DEFAULT 0,
	unique_key text,
	-- Who works on it until when; fence rises with every claim, and every write of the job
	-- compares it, so that one who lost the lease can no longer change anything.
	lease_owner text,
	lease_until timestamptz,
	fence bigint NOT NULL DEFAULT 0,
	attempts integer NOT NULL DEFAULT 0,
	run_after timestamptz NOT NULL DEFAULT now(),
	cancel_requested boolean NOT NULL DEFAULT false,
	created_by uuid CONSTRAINT jobs_created_by_fkey REFERENCES users (id),
	created_at timestamptz NOT NULL DEFAULT now(),
	started_at timestamptz,
	finished_at timestamptz
);
CREATE INDEX jobs_waiting_idx ON jobs (priority DESC, run_after) WHERE status IN ('queued', 'running');
CREATE INDEX jobs_batch_idx ON jobs (batch_id);
-- One generating or importing job a batch at a time.
CREATE UNIQUE INDEX jobs_batch_running_key ON jobs (batch_id)
	WHERE kind IN ('generate', 'import') AND status IN ('queued', 'running');
CREATE UNIQUE INDEX jobs_unique_key ON jobs (unique_key)
	WHERE unique_key IS NOT NULL AND status IN ('queued', 'running');

CREATE TABLE job_chunks (
	job_id uuid NOT NULL CONSTRAINT job_chunks_job_fkey REFERENCES jobs (id),
	chunk integer NOT NULL,
	count integer NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT job_chunks_pkey PRIMARY KEY (job_id, chunk)
);

-- Each connection that writes audit rows is a writer with its own dense sequence (design 3).
CREATE TABLE audit_writers (
	id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_writers_pkey PRIMARY KEY,
	seq bigint NOT NULL DEFAULT 0,
	process text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE audit_log (
	writer_id bigint NOT NULL,
	seq bigint NOT NULL,
	id uuid NOT NULL,
	at timestamptz NOT NULL DEFAULT now(),
	actor_kind text NOT NULL CONSTRAINT audit_log_actor_kind_check
		CHECK (actor_kind IN ('user', 'api_key', 'system', 'anonymous')),
	actor_id uuid,
	session_id uuid,
	ip inet,
	user_agent text,
	action text NOT NULL,
	permission text,
	entity_kind text,
	entity_id uuid,
	outcome text NOT NULL CONSTRAINT audit_log_outcome_check
		CHECK (outcome IN ('allowed', 'denied', 'failed')),
	error text,
	changes jsonb NOT NULL DEFAULT '[]',
	phone_hash text, -- keyed: never the number
	count bigint NOT NULL DEFAULT 1,
	request_id text,
	CONSTRAINT audit_log_pkey PRIMARY KEY (writer_id, seq)
);

CREATE TABLE audit_seals (
	id bigint CONSTRAINT audit_seals_pkey PRIMARY KEY,
	at timestamptz NOT NULL DEFAULT now(),
	ranges jsonb NOT NULL,
	root bytea NOT NULL,
	previous bytea NOT NULL,
	signature bytea NOT NULL,
	key_id text NOT NULL
);

CREATE TABLE audit_search (
	writer_id bigint NOT NULL,
	seq bigint NOT NULL,
	at timestamptz NOT NULL,
	actor_id uuid,
	action text NOT NULL,
	entity_kind text,
	entity_id uuid,
	outcome text NOT NULL,
	CONSTRAINT audit_search_pkey PRIMARY KEY (writer_id, seq)
);
CREATE INDEX audit_search_at_idx ON audit_search (at);
CREATE INDEX audit_search_actor_idx ON audit_search (actor_id, at);
CREATE INDEX audit_search_entity_idx ON audit_search (entity_id, at);

CREATE TABLE alerts (
	id uuid CONSTRAINT alerts_pkey PRIMARY KEY,
	kind text NOT NULL,
	severity text NOT NULL CONSTRAINT alerts_severity_check
		CHECK (severity IN ('info', 'warning', 'critical')),
	status text NOT NULL DEFAULT 'open' CONSTRAINT alerts_status_check
		CHECK (status IN ('open', 'acknowledged', 'resolved')),
	title text NOT NULL,
	evidence jsonb NOT NULL DEFAULT '{}',
	dedupe_key text NOT NULL,
	count bigint NOT NULL DEFAULT 1,
	first_at timestamptz NOT NULL DEFAULT now(),
	last_at timestamptz NOT NULL DEFAULT now(),
	acknowledged_by uuid CONSTRAINT alerts_acknowledged_by_fkey REFERENCES users (id),
	acknowledged_at timestamptz,
	resolved_by uuid CONSTRAINT alerts_resolved_by_fkey REFERENCES users (id),
	resolved_at timestamptz,
	note text,
	escalation_step integer NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX alerts_open_key ON alerts (dedupe_key) WHERE status <> 'resolved';

CREATE TABLE notifications (
	id uuid CONSTRAINT notifications_pkey PRIMARY KEY,
	user_id uuid NOT NULL CONSTRAINT notifications_user_fkey REFERENCES users (id),
	kind text NOT NULL,
	title text NOT NULL,
	body text NOT NULL,
	link jsonb NOT NULL DEFAULT '{}',
	read_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX notifications_user_idx ON notifications (user_id, created_at DESC);

-- Mail and messages, written in the transaction of what they report.
CREATE TABLE outbox (
	id uuid CONSTRAINT outbox_pkey PRIMARY KEY,
	channel text NOT NULL CONSTRAINT outbox_channel_check CHECK (channel IN ('email', 'sms')),
	kind text NOT NULL,
	recipient text NOT NULL,
	payload jsonb NOT NULL DEFAULT '{}',
	status text NOT NULL DEFAULT 'waiting' CONSTRAINT outbox_status_check
		CHECK (status IN ('waiting', 'sent', 'dead')),
	attempts integer NOT NULL DEFAULT 0,
	next_at timestamptz NOT NULL DEFAULT now(),
	last_error text,
	created_at timestamptz NOT NULL DEFAULT now(),
	sent_at timestamptz
);
CREATE INDEX outbox_waiting_idx ON outbox (next_at) WHERE status = 'waiting';

CREATE TABLE webhooks (
	id uuid CONSTRAINT webhooks_pkey PRIMARY KEY,
	url text NOT NULL,
	events text[] NOT NULL DEFAULT '{}',
	secret bytea NOT NULL, -- encrypted with the key file
	is_active boolean NOT NULL DEFAULT true,
	created_by uuid CONSTRAINT webhooks_created_by_fkey REFERENCES users (id),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE webhook_deliveries (
	id uuid CONSTRAINT webhook_deliveries_pkey PRIMARY KEY,
	webhook_id uuid NOT NULL CONSTRAINT webhook_deliveries_webhook_fkey REFERENCES webhooks (id),
	event text NOT NULL,
	payload jsonb NOT NULL,
	status text NOT NULL DEFAULT 'waiting' CONSTRAINT webhook_deliveries_status_check
		CHECK (status IN ('waiting', 'delivered', 'dead')),
	attempts integer NOT NULL DEFAULT 0,
	next_at timestamptz NOT NULL DEFAULT now(),
	response_status integer,
	last_error text,
	created_at timestamptz NOT NULL DEFAULT now(),
	delivered_at timestamptz
);

CREATE TABLE backups (
	id uuid CONSTRAINT backups_pkey PRIMARY KEY,
	kind text NOT NULL CONSTRAINT backups_kind_check
		CHECK (kind IN ('manual', 'daily', 'weekly', 'monthly')),
	status text NOT NULL CONSTRAINT backups_status_check
		CHECK (status IN ('running', 'succeeded', 'failed')),
	path text,
	size_bytes bigint,
	sha256 text,
	counts jsonb NOT NULL DEFAULT '{}',
	verified_at timestamptz,
	expires_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT now()
);
