-- What users are told of: lists go by id, and what is unread is counted and marked often.

DROP INDEX notifications_user_idx;
CREATE INDEX notifications_user_idx ON notifications (user_id, id);
CREATE INDEX notifications_unread_idx ON notifications (user_id, id) WHERE read_at IS NULL;
CREATE INDEX notifications_read_idx ON notifications (read_at);

-- What was told of once and need not be told again: that a version runs, that a batch ends soon.
CREATE TABLE told (
	event text NOT NULL,
	about text NOT NULL,
	at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT told_pkey PRIMARY KEY (event, about)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON told TO promo_app;
