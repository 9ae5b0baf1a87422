-- Waits for whoever writes what customers are searched by, and keeps others from it until the end of
-- the transaction: what he reads after this, nobody erases before he has written it.
-- -> id
SELECT '00000000-0000-0000-0000-000000000000'::uuid AS id FROM customer_rounds WHERE id = 1 FOR UPDATE;
