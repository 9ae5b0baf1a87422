-- Keeps what is set.
-- $1 id uuid
-- $2 note text
-- $3 automatic boolean
-- $4 made_by text
-- $5 settings text JSON
-- $6 user_id uuid
INSERT INTO setting_snapshots (id, note, automatic, made_by, settings, created_by_user_id)
VALUES ($1::uuid, $2::text, $3::boolean, $4::text, $5::text::jsonb, $6::uuid)
