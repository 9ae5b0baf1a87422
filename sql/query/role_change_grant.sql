-- What is to be granted to a user and denied him, beside what it is now, waits for approval; where the
-- very same waits already, that goes on waiting. The caller holds the user's lock.
-- $1 id uuid
-- $2 user_id uuid
-- $3 requested_by uuid
-- $4 grant text[]
-- $5 deny text[]
-- $6 was_grant text[]
-- $7 was_deny text[]
-- -> id
WITH wish AS (
	SELECT jsonb_build_object('grant', to_jsonb($4::text[]), 'deny', to_jsonb($5::text[]),
		'was', jsonb_build_object('grant', to_jsonb($6::text[]), 'deny', to_jsonb($7::text[])))
		AS change
), same AS (
	SELECT c.id FROM role_changes c JOIN wish w ON c.change = w.change
	WHERE c.kind = 'grant' AND c.user_id = $2::uuid AND c.requested_by = $3::uuid
		AND c.status = 'pending'
), made AS (
	INSERT INTO role_changes (id, kind, user_id, requested_by, change)
	SELECT $1::uuid, 'grant', $2::uuid, $3::uuid, w.change FROM wish w
	WHERE NOT EXISTS (SELECT FROM same)
	RETURNING id
)
SELECT id FROM same UNION ALL SELECT id FROM made LIMIT 1
