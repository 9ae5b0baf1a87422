-- How many changes of rights role_change_list has in all.
-- $1 status text[]
-- -> count
SELECT count(*) AS count FROM role_changes
WHERE $1::text[] IS NULL OR status = ANY ($1::text[])
