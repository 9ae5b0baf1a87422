-- Takes the names, numbers and addresses of customers away, and what they are searched by.
-- $1 ids uuid[]
WITH gone AS (
	DELETE FROM customer_search WHERE customer_id = ANY ($1::uuid[])
)
UPDATE customers SET first_name = NULL, last_name = NULL, phone_number = NULL, email = NULL,
	updated_at = now()
WHERE id = ANY ($1::uuid[]);
