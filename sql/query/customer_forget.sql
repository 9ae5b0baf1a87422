-- Takes back customers that were made for redemptions which then came to nothing.
-- $1 ids uuid[]
DELETE FROM customers c
USING unnest($1::uuid[]) AS i (id)
WHERE c.id = i.id
	AND NOT EXISTS (SELECT FROM redemptions r WHERE r.customer_id = i.id)
