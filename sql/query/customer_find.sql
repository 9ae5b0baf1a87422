-- The customers with these phone numbers.
-- $1 phone_numbers text[]
-- -> customer_found
SELECT i.ord, c.id, c.first_name, c.last_name
FROM unnest($1::text[]) WITH ORDINALITY i(phone_number, ord)
CROSS JOIN LATERAL (SELECT * FROM customers WHERE phone_number = i.phone_number LIMIT 1) c;
