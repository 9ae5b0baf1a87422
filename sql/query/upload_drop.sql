-- Takes a file that was sent away.
-- $1 id uuid
DELETE FROM uploads WHERE id = $1::uuid;
