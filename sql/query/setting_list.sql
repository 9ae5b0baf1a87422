-- Every setting that somebody set; a value of any JSON type as its text.
-- -> setting
SELECT category, key, value #>> '{}' AS value FROM system_settings
