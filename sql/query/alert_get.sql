-- An alert, where who asks may see its kind.
-- $1 id uuid
-- $2 hidden text[]
-- -> alert
SELECT * FROM alert_rows WHERE id = $1::uuid AND ($2::text[] IS NULL OR kind <> ALL ($2::text[]));
