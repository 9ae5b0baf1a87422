-- Puts settings back to their defaults.
-- $1 categories text[]
-- $2 keys text[]
DELETE FROM system_settings
WHERE (category, key) IN (SELECT * FROM unnest($1::text[], $2::text[]))
