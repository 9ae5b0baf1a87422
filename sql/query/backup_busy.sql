-- Whether a job is at work on a backup: on this one, or null: makes any.
-- $1 id uuid
-- -> truth
SELECT EXISTS (SELECT FROM jobs j
	WHERE j.status IN ('queued', 'running') AND j.kind IN ('backup', 'restore_check')
		AND CASE WHEN $1::uuid IS NULL THEN j.kind = 'backup'
			ELSE j.params ->> 'backup_id' = $1::uuid::text END) AS yes
