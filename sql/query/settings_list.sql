-- Categories of settings and who changed them last, in the order of the alphabet.
-- $1 category text or null: all
-- $2 after text
-- $3 limit bigint
-- -> settings_category
SELECT c.category, c.version, c.updated_at, u.id AS "updated_by.id",
	u.first_name || ' ' || u.last_name AS "updated_by.name"
FROM setting_categories c
LEFT JOIN users u ON u.id = c.updated_by_user_id
WHERE ($1::text IS NULL OR c.category = $1::text) AND ($2::text IS NULL OR c.category > $2::text)
ORDER BY c.category
LIMIT $3::bigint
