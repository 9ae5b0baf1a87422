-- Writes a letter for each recipient.
-- $1 ids uuid[]
-- $2 channel text
-- $3 kind text
-- $4 recipients text[]
-- $5 payload jsonb
-- $6 tried_s bigint
INSERT INTO outbox (id, channel, kind, recipient, payload, expires_at)
SELECT l.id, $2::text, $3::text, l.recipient, $5::jsonb, now() + make_interval(secs => $6::bigint)
FROM unnest($1::uuid[], $4::text[]) AS l (id, recipient);
