-- Counts a reported code in the row of this lane.
-- $1 batch_id uuid
-- $2 zone text
-- $3 lane integer
INSERT INTO totals AS t (batch_id, day, lane, reported)
VALUES ($1::uuid, (now() AT TIME ZONE $2::text)::date, $3::integer, 1)
ON CONFLICT (batch_id, day, lane) DO UPDATE SET reported = t.reported + 1;
