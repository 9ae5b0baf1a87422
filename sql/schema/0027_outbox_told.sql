-- Whom it concerns is told of letters that are dead, of several at once.
ALTER TABLE outbox ADD COLUMN told_at timestamptz;
UPDATE outbox SET told_at = now() WHERE status = 'dead';
CREATE INDEX outbox_untold_idx ON outbox (id) WHERE status = 'dead' AND told_at IS NULL;
