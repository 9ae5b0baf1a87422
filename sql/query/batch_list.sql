-- One page of batches in one of the orders of promo_op_batch_list.
-- planned anew
-- $1 q text
-- $2 status text[]
-- $3 assigned_user_id uuid
-- $4 expires_before date
-- $5 expires_after date
-- $6 sort text
-- $7 after_key text
-- $8 after uuid
-- $9 limit bigint
-- -> batch
SELECT * FROM batch_rows
WHERE ($1::text IS NULL OR strpos(batch_name, upper($1::text)) > 0)
	AND ($2::text[] IS NULL OR status = ANY ($2::text[]))
	AND ($3::uuid IS NULL OR "assigned_user.id" = $3::uuid)
	AND ($4::date IS NULL OR expiration_date < $4::date)
	AND ($5::date IS NULL OR expiration_date > $5::date)
	AND ($8::uuid IS NULL OR CASE $6::text
		WHEN 'batch_name' THEN (batch_name, id) > ($7::text, $8::uuid)
		WHEN '-batch_name' THEN (batch_name, id) < ($7::text, $8::uuid)
		WHEN 'expiration_date' THEN (expiration_date, id) > ($7::text::date, $8::uuid)
		WHEN '-expiration_date' THEN (expiration_date, id) < ($7::text::date, $8::uuid)
		WHEN 'created_at' THEN id > $8::uuid
		ELSE id < $8::uuid END)
ORDER BY CASE $6::text WHEN 'batch_name' THEN batch_name END,
	CASE $6::text WHEN '-batch_name' THEN batch_name END DESC,
	CASE $6::text WHEN 'expiration_date' THEN expiration_date END,
	CASE $6::text WHEN '-expiration_date' THEN expiration_date END DESC,
	CASE WHEN $6::text NOT LIKE '-%' THEN id END,
	id DESC
LIMIT $9::bigint;
