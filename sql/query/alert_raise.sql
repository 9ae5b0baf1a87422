-- Raises an alert, or adds to the same one where it is not resolved yet.
-- $1 id uuid
-- $2 kind text
-- $3 severity text
-- $4 title text
-- $5 dedupe_key text
-- $6 evidence jsonb
-- $7 count bigint to begin with
-- $8 more bigint of them are news
-- $9 first_at timestamptz
-- $10 last_at timestamptz
-- -> alert_raised
INSERT INTO alerts AS a (id, kind, severity, title, dedupe_key, evidence, count, first_at, last_at)
VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::jsonb, $7::bigint,
	coalesce($9::timestamptz, now()), coalesce($10::timestamptz, now()))
ON CONFLICT (dedupe_key) WHERE status <> 'resolved' DO UPDATE
SET count = a.count + $8::bigint, last_at = greatest(a.last_at, excluded.last_at),
	first_at = least(a.first_at, excluded.first_at), evidence = excluded.evidence
RETURNING a.id, a.count, a.id = $1::uuid AS is_new;
