-- Moves cases that are locked on to another status.
-- $1 ids uuid[]
-- $2 status text
-- $3 resolution text where it is null, what there is stays
UPDATE fraud_reports SET status = $2::text, resolution = coalesce($3::text, resolution),
	updated_at = now()
WHERE id = ANY ($1::uuid[]);
