-- One part of a file that was sent, in hex.
-- $1 id uuid
-- $2 part integer
-- -> columns
SELECT encode(bytes, 'hex') AS bytes
FROM upload_parts WHERE upload_id = $1::uuid AND part = $2::integer;
