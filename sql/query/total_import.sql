-- Counts what an import brought in that is not active, in the row of this lane.
-- $1 batch_id uuid
-- $2 zone text
-- $3 lane integer
-- $4 imported bigint
-- $5 blocked bigint
INSERT INTO totals AS t (batch_id, day, lane, imported, blocked)
VALUES ($1::uuid, (now() AT TIME ZONE $2::text)::date, $3::integer, $4::bigint, $5::bigint)
ON CONFLICT (batch_id, day, lane) DO UPDATE SET imported = t.imported + excluded.imported,
	blocked = t.blocked + excluded.blocked;
