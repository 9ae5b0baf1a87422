-- What a snapshot holds.
-- $1 id uuid
-- -> settings_kept
SELECT settings::text AS settings FROM setting_snapshots WHERE id = $1::uuid
