-- The customer with this phone number.
-- $1 phone_number text
-- -> customer_ref
SELECT id, first_name, last_name, phone_number FROM customers WHERE phone_number = $1::text;
