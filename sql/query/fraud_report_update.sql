-- Changes a case that is locked; what is null stays, but for what may become null.
-- $1 id uuid
-- $2 status text
-- $3 priority text
-- $4 sets_assignee boolean
-- $5 assignee_id uuid
-- $6 sets_resolution boolean
-- $7 resolution text
UPDATE fraud_reports SET
	status = coalesce($2::text, status),
	priority = coalesce($3::text, priority),
	assignee_id = CASE WHEN $4::boolean THEN $5::uuid ELSE assignee_id END,
	resolution = CASE WHEN $6::boolean THEN $7::text ELSE resolution END,
	updated_at = now()
WHERE id = $1::uuid;
