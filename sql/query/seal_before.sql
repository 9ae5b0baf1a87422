-- The last seal made before a time; 0: none.
-- $1 at timestamptz
-- -> count
SELECT coalesce((SELECT id FROM audit_seals WHERE at < $1::timestamptz ORDER BY id DESC LIMIT 1), 0) AS count
