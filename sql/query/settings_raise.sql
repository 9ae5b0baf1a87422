-- Notes that categories of settings were changed, and by whom; every daemon reads settings anew when
-- the version in auth_state is another one. The flag of maintenance is for whoever holds the lock of that
-- category: others know only what it was when they began.
-- $1 categories text[]
-- $2 user_id uuid
-- $3 maintenance boolean
WITH raised AS (
	UPDATE setting_categories
	SET version = version + 1, updated_by_user_id = $2::uuid, updated_at = now()
	WHERE category = ANY ($1::text[])
)
UPDATE auth_state
SET settings_version = settings_version + 1,
	maintenance = CASE WHEN 'maintenance' = ANY ($1::text[]) THEN $3::boolean ELSE maintenance END
WHERE id = 1
