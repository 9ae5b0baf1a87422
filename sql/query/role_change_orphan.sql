-- The changes of a role that is deleted keep its name; those that wait are rejected.
-- $1 role_id uuid
-- $2 name text
-- $3 by uuid
UPDATE role_changes
SET role_id = NULL, change = change || jsonb_build_object('deleted_role', $2::text),
	decided_by = CASE WHEN status = 'pending' THEN $3::uuid ELSE decided_by END,
	decided_at = CASE WHEN status = 'pending' THEN now() ELSE decided_at END,
	status = CASE WHEN status = 'pending' THEN 'rejected' ELSE status END
WHERE role_id = $1::uuid
