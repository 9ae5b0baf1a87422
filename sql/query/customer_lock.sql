-- One customer, locked until the end of the transaction.
-- $1 id uuid
-- -> customer_ref
SELECT id, first_name, last_name, phone_number FROM customers WHERE id = $1::uuid FOR UPDATE;
