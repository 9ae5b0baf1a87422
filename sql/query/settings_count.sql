-- How many categories of settings there are.
-- $1 category text or null: all
-- -> count
SELECT count(*) AS count FROM setting_categories WHERE $1::text IS NULL OR category = $1::text
