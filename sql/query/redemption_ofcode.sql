-- The attempts to redeem a code, newest first.
-- $1 code_id uuid
-- $2 limit bigint
-- -> redemption
SELECT * FROM redemption_rows WHERE code_id = $1::uuid ORDER BY id DESC LIMIT $2::bigint;
