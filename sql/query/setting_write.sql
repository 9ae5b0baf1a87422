-- Sets settings.
-- $1 ids uuid[]
-- $2 categories text[]
-- $3 keys text[]
-- $4 values text[] JSON each
-- $5 user_id uuid
INSERT INTO system_settings (id, category, key, value, updated_by_user_id)
SELECT t.id, t.category, t.key, t.value::jsonb, $5::uuid
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS t (id, category, key, value)
ON CONFLICT ON CONSTRAINT system_settings_key DO UPDATE
SET value = excluded.value, version = system_settings.version + 1,
	updated_by_user_id = excluded.updated_by_user_id, updated_at = now()
