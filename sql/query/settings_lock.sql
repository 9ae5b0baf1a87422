-- Locks categories of settings, in the order of the alphabet: who changes any of them waits.
-- $1 categories text[]
-- -> settings_version
SELECT category, version FROM setting_categories
WHERE category = ANY ($1::text[])
ORDER BY category
FOR NO KEY UPDATE
