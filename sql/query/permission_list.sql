-- A page of permissions, by key.
-- $1 after text
-- $2 limit bigint
-- -> permission
SELECT key, description FROM permissions
WHERE $1::text IS NULL OR key > $1::text
ORDER BY key
LIMIT $2::bigint
