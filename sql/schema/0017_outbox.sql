-- What the courier notes of a letter: until when it is tried, and what the other side answered last.
ALTER TABLE outbox ADD COLUMN expires_at timestamptz NOT NULL DEFAULT now() + interval '3 days';
ALTER TABLE outbox ADD COLUMN response_code integer;
