-- Batches, codes, customers, redemptions, fraud reports: the money.
-- Which indexes stand here and which of the PRD's do not: docs/decisions/0004-indexes.md.

CREATE TABLE customers (
	id uuid CONSTRAINT customers_pkey PRIMARY KEY,
	first_name text,
	last_name text,
	phone_number text CONSTRAINT customers_phone_number_key UNIQUE -- null after erasure
		CONSTRAINT customers_phone_number_check CHECK (phone_number ~ '^\+[1-9][0-9]{7,14}$'),
	email text,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE batches (
	id uuid CONSTRAINT batches_pkey PRIMARY KEY,
	batch_name text NOT NULL CONSTRAINT batches_batch_name_key UNIQUE
		CONSTRAINT batches_batch_name_check CHECK (batch_name ~ '^BATCH_[A-Z0-9_-]{1,94}$'),
	description text,
	total_codes integer NOT NULL CONSTRAINT batches_total_codes_check CHECK (total_codes >= 0),
	-- Codes with a higher serial do not exist for anyone yet.
	ready_codes integer NOT NULL DEFAULT 0,
	amount_per_code numeric(14,2) NOT NULL
		CONSTRAINT batches_amount_per_code_check CHECK (amount_per_code > 0),
	currency text NOT NULL CONSTRAINT batches_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
	-- The last good day in the shop's time zone, and the instant at which it is over.
	expires_on date NOT NULL,
	expiration_date timestamptz NOT NULL,
	code_format text NOT NULL,
	assigned_user_id uuid CONSTRAINT batches_assigned_user_fkey REFERENCES users (id),
	status text NOT NULL CONSTRAINT batches_status_check
		CHECK (status IN ('generating', 'active', 'expired', 'blocked', 'archived')),
	created_by uuid CONSTRAINT batches_created_by_fkey REFERENCES users (id),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT batches_ready_codes_check CHECK (ready_codes BETWEEN 0 AND total_codes)
);

-- No index here mentions a column that redemption changes: updates stay HOT.
CREATE TABLE promo_codes (
	id uuid CONSTRAINT promo_codes_pkey PRIMARY KEY,
	code text NOT NULL CONSTRAINT promo_codes_code_key UNIQUE, -- canonical: no dashes
	batch_id uuid NOT NULL CONSTRAINT promo_codes_batch_fkey REFERENCES batches (id),
	serial integer NOT NULL,
	amount numeric(14,2) NOT NULL,
	-- The code's own facts; what follows from batch and clock is in promo_codes_effective.
	status text NOT NULL DEFAULT 'active' CONSTRAINT promo_codes_status_check
		CHECK (status IN ('active', 'redeemed', 'reported', 'blocked')),
	created_at timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz,
	redeemed_at timestamptz,
	reported_at timestamptz,
	blocked_at timestamptz,
	metadata jsonb NOT NULL DEFAULT '{}',
	CONSTRAINT promo_codes_serial_key UNIQUE (batch_id, serial)
) WITH (fillfactor = 90);
CREATE INDEX promo_codes_blocked_idx ON promo_codes (batch_id) WHERE blocked_at IS NOT NULL;
CREATE INDEX promo_codes_reported_idx ON promo_codes (batch_id) WHERE reported_at IS NOT NULL;

CREATE TABLE redemptions (
	id uuid CONSTRAINT redemptions_pkey PRIMARY KEY,
	user_id uuid NOT NULL CONSTRAINT redemptions_user_fkey REFERENCES users (id),
	promo_code_id uuid NOT NULL CONSTRAINT redemptions_promo_code_fkey REFERENCES promo_codes (id),
	customer_id uuid CONSTRAINT redemptions_customer_fkey REFERENCES customers (id),
	amount numeric(14,2) NOT NULL,
	status text NOT NULL CONSTRAINT redemptions_status_check
		CHECK (status IN ('pending', 'completed', 'failed')),
	idempotency_key text NOT NULL -- "<user id>/<key>"
		CONSTRAINT redemptions_idempotency_key_key UNIQUE,
	request_hash text NOT NULL,
	error_code text,
	error_message text,
	note text,
	created_at timestamptz NOT NULL DEFAULT now(),
	completed_at timestamptz,
	CONSTRAINT redemptions_customer_check CHECK (status <> 'completed' OR customer_id IS NOT NULL)
);
-- A code is paid once: the second lock on the door. Rows that were refused differ by their own id.
-- Not a partial index: the foreign key looks here as well, for each code that a cancelled job takes
-- away.
CREATE UNIQUE INDEX redemptions_promo_code_key ON redemptions (promo_code_id,
	(CASE status WHEN 'completed' THEN '00000000-0000-0000-0000-000000000000' ELSE id END));
CREATE INDEX redemptions_user_idx ON redemptions (user_id, created_at DESC);
CREATE INDEX redemptions_customer_idx ON redemptions (customer_id);

CREATE TABLE fraud_reports (
	id uuid CONSTRAINT fraud_reports_pkey PRIMARY KEY,
	number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT fraud_reports_number_key UNIQUE,
	promo_code_id uuid NOT NULL CONSTRAINT fraud_reports_promo_code_fkey REFERENCES promo_codes (id),
	redemption_id uuid NOT NULL CONSTRAINT fraud_reports_redemption_fkey REFERENCES redemptions (id),
	claimant_first_name text,
	claimant_last_name text,
	claimant_phone_number text,
	type text NOT NULL CONSTRAINT fraud_reports_type_check CHECK (type IN
		('duplicate_redemption', 'suspicious_activity', 'invalid_code', 'other')),
	description text,
	status text NOT NULL DEFAULT 'pending' CONSTRAINT fraud_reports_status_check
		CHECK (status IN ('pending', 'investigating', 'resolved', 'rejected')),
	priority text NOT NULL DEFAULT 'medium' CONSTRAINT fraud_reports_priority_check
		CHECK (priority IN ('low', 'medium', 'high')),
	assignee_id uuid CONSTRAINT fraud_reports_assignee_fkey REFERENCES users (id),
	resolution text,
	reported_by uuid NOT NULL CONSTRAINT fraud_reports_reported_by_fkey REFERENCES users (id),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
-- One open case a code; after a rejected one there may be another. Not partial, as above.
CREATE UNIQUE INDEX fraud_reports_open_key ON fraud_reports (promo_code_id,
	(CASE status WHEN 'rejected' THEN id ELSE '00000000-0000-0000-0000-000000000000' END));

CREATE TABLE fraud_notes (
	id uuid CONSTRAINT fraud_notes_pkey PRIMARY KEY,
	fraud_report_id uuid NOT NULL
		CONSTRAINT fraud_notes_fraud_report_fkey REFERENCES fraud_reports (id),
	user_id uuid NOT NULL CONSTRAINT fraud_notes_user_fkey REFERENCES users (id),
	text text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX fraud_notes_fraud_report_idx ON fraud_notes (fraud_report_id);

-- Sums of what happened, by batch, day (in the shop's time zone) and lane, so that no row is hot.
-- `redeemed` counts redemptions and never falls; a reported code is counted in both, since it was
-- paid. `blocked` is the number of codes blocked by themselves.
CREATE TABLE totals (
	batch_id uuid NOT NULL CONSTRAINT totals_batch_fkey REFERENCES batches (id),
	day date NOT NULL,
	lane integer NOT NULL,
	redeemed bigint NOT NULL DEFAULT 0,
	redeemed_amount numeric(18,2) NOT NULL DEFAULT 0,
	reported bigint NOT NULL DEFAULT 0,
	blocked bigint NOT NULL DEFAULT 0,
	CONSTRAINT totals_pkey PRIMARY KEY (batch_id, day, lane)
);
CREATE INDEX totals_day_idx ON totals (day);

-- What a batch is worth calling right now (design section 4): the stored status, or expired once
-- its end has passed.
CREATE VIEW batches_effective AS
SELECT b.*,
	CASE
		WHEN b.status = 'active' AND b.expiration_date <= now() THEN 'expired'
		ELSE b.status
	END AS effective_status
FROM batches b;

-- The effective status of every code that exists for people: the first that applies of reported,
-- redeemed, blocked, expired, active. rules/code_status.c decides the same for one code in hand;
-- a test compares the two over every combination.
CREATE VIEW promo_codes_effective AS
SELECT p.*,
	b.batch_name, b.currency, b.status AS batch_status,
	least(p.expires_at, b.expiration_date) AS effective_expires_at,
	CASE
		WHEN p.status IN ('reported', 'redeemed') THEN p.status
		WHEN p.status = 'blocked' OR b.status IN ('blocked', 'archived') THEN 'blocked'
		WHEN b.status = 'expired' OR least(p.expires_at, b.expiration_date) <= now()
			THEN 'expired'
		ELSE 'active'
	END AS effective_status
FROM promo_codes p
JOIN batches b ON b.id = p.batch_id
WHERE p.serial <= b.ready_codes;
