-- Users, roles, permissions, sessions: who may do what (PRD 1, 2.10 and its table list).
-- Times are timestamptz, ids are UUIDv7 made by the server, e-mail addresses are stored in lower
-- case: that and the unique constraint do what citext would, without an extension.

CREATE TABLE users (
	id uuid CONSTRAINT users_pkey PRIMARY KEY,
	first_name text NOT NULL,
	last_name text NOT NULL,
	phone_number text CONSTRAINT users_phone_number_key UNIQUE
		CONSTRAINT users_phone_number_check CHECK (phone_number ~ '^\+[1-9][0-9]{7,14}$'),
	email text CONSTRAINT users_email_key UNIQUE
		CONSTRAINT users_email_check CHECK (email = lower(email) AND length(email) <= 254),
	password_hash text,
	is_active boolean NOT NULL DEFAULT true,
	mfa_enabled boolean NOT NULL DEFAULT false,
	failed_login_attempts integer NOT NULL DEFAULT 0,
	lockout_until timestamptz,
	last_login_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT users_identifier_check CHECK (email IS NOT NULL OR phone_number IS NOT NULL)
);

CREATE TABLE roles (
	id uuid CONSTRAINT roles_pkey PRIMARY KEY,
	name text NOT NULL CONSTRAINT roles_name_key UNIQUE,
	description text NOT NULL DEFAULT '',
	rank integer NOT NULL,
	built_in boolean NOT NULL DEFAULT false,
	created_at timestamptz NOT NULL DEFAULT now(),
	version bigint NOT NULL DEFAULT 1
);

CREATE TABLE permissions (
	id uuid CONSTRAINT permissions_pkey PRIMARY KEY,
	key text NOT NULL CONSTRAINT permissions_key_key UNIQUE,
	description text NOT NULL
);

CREATE TABLE role_permissions (
	role_id uuid NOT NULL CONSTRAINT role_permissions_role_fkey REFERENCES roles (id),
	permission_id uuid NOT NULL
		CONSTRAINT role_permissions_permission_fkey REFERENCES permissions (id),
	created_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT role_permissions_key UNIQUE (role_id, permission_id)
);

CREATE TABLE user_role_assignments (
	user_id uuid NOT NULL CONSTRAINT user_role_assignments_user_fkey REFERENCES users (id),
	role_id uuid NOT NULL CONSTRAINT user_role_assignments_role_fkey REFERENCES roles (id),
	created_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT user_role_assignments_key UNIQUE (user_id, role_id)
);
CREATE INDEX user_role_assignments_role_idx ON user_role_assignments (role_id);

-- Grants and denials for a single user, beside his roles.
CREATE TABLE user_permissions (
	user_id uuid NOT NULL CONSTRAINT user_permissions_user_fkey REFERENCES users (id),
	permission_id uuid NOT NULL
		CONSTRAINT user_permissions_permission_fkey REFERENCES permissions (id),
	granted boolean NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT user_permissions_key UNIQUE (user_id, permission_id)
);

-- What changes rights and waits for somebody else's approval.
CREATE TABLE role_changes (
	id uuid CONSTRAINT role_changes_pkey PRIMARY KEY,
	kind text NOT NULL CONSTRAINT role_changes_kind_check
		CHECK (kind IN ('assign', 'revoke', 'grant', 'role_edit')),
	user_id uuid CONSTRAINT role_changes_user_fkey REFERENCES users (id),
	role_id uuid CONSTRAINT role_changes_role_fkey REFERENCES roles (id),
	change jsonb NOT NULL DEFAULT '{}',
	status text NOT NULL DEFAULT 'pending' CONSTRAINT role_changes_status_check
		CHECK (status IN ('pending', 'approved', 'rejected')),
	requested_by uuid NOT NULL CONSTRAINT role_changes_requested_by_fkey REFERENCES users (id),
	decided_by uuid CONSTRAINT role_changes_decided_by_fkey REFERENCES users (id),
	created_at timestamptz NOT NULL DEFAULT now(),
	decided_at timestamptz
);
CREATE UNIQUE INDEX role_changes_pending_key ON role_changes (kind, user_id, role_id)
	WHERE status = 'pending' AND kind IN ('assign', 'revoke');

CREATE TABLE sessions (
	id uuid CONSTRAINT sessions_pkey PRIMARY KEY,
	user_id uuid NOT NULL CONSTRAINT sessions_user_fkey REFERENCES users (id),
	token_hash bytea NOT NULL CONSTRAINT sessions_token_hash_key UNIQUE,
	ip inet,
	user_agent text,
	remember boolean NOT NULL DEFAULT false,
	last_seen_at timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sessions_user_idx ON sessions (user_id);

CREATE TABLE registrations (
	id uuid CONSTRAINT registrations_pkey PRIMARY KEY,
	first_name text NOT NULL,
	last_name text NOT NULL,
	email text,
	phone_number text,
	password_hash text,
	status text NOT NULL DEFAULT 'pending' CONSTRAINT registrations_status_check
		CHECK (status IN ('pending', 'approved', 'rejected')),
	decided_by uuid CONSTRAINT registrations_decided_by_fkey REFERENCES users (id),
	created_at timestamptz NOT NULL DEFAULT now(),
	decided_at timestamptz
);

CREATE TABLE api_keys (
	id uuid CONSTRAINT api_keys_pkey PRIMARY KEY,
	user_id uuid NOT NULL CONSTRAINT api_keys_user_fkey REFERENCES users (id),
	name text NOT NULL,
	prefix text NOT NULL,
	key_hash bytea NOT NULL CONSTRAINT api_keys_key_hash_key UNIQUE,
	permissions text[] NOT NULL DEFAULT '{}',
	allowed_ips inet[] NOT NULL DEFAULT '{}',
	expires_at timestamptz,
	last_used_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE mfa_methods (
	id uuid CONSTRAINT mfa_methods_pkey PRIMARY KEY,
	user_id uuid NOT NULL CONSTRAINT mfa_methods_user_fkey REFERENCES users (id),
	method text NOT NULL CONSTRAINT mfa_methods_method_check
		CHECK (method IN ('authenticator_app', 'email', 'sms')),
	secret bytea, -- encrypted with the key file
	last_step bigint NOT NULL DEFAULT 0,
	confirmed_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT mfa_methods_key UNIQUE (user_id, method)
);

CREATE TABLE recovery_codes (
	user_id uuid NOT NULL CONSTRAINT recovery_codes_user_fkey REFERENCES users (id),
	code_hash bytea NOT NULL,
	used_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE password_resets (
	id uuid CONSTRAINT password_resets_pkey PRIMARY KEY,
	user_id uuid NOT NULL CONSTRAINT password_resets_user_fkey REFERENCES users (id),
	token_hash bytea NOT NULL CONSTRAINT password_resets_token_hash_key UNIQUE,
	expires_at timestamptz NOT NULL,
	used_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT now()
);

-- One row: what every request reads first (design: immediate effect).
CREATE TABLE auth_state (
	id integer CONSTRAINT auth_state_pkey PRIMARY KEY
		CONSTRAINT auth_state_one_row_check CHECK (id = 1),
	epoch bigint NOT NULL DEFAULT 1,
	settings_version bigint NOT NULL DEFAULT 1,
	maintenance boolean NOT NULL DEFAULT false
);

CREATE TABLE auth_changes (
	epoch bigint NOT NULL,
	user_id uuid NOT NULL,
	at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT auth_changes_pkey PRIMARY KEY (epoch, user_id)
);

CREATE TABLE throttles (
	kind text NOT NULL,
	subject text NOT NULL,
	count bigint NOT NULL DEFAULT 0,
	since timestamptz NOT NULL DEFAULT now(),
	blocked_until timestamptz,
	CONSTRAINT throttles_pkey PRIMARY KEY (kind, subject)
);
