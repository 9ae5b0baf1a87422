-- Binds what a COPY (SELECT ...) takes instead of parameters, for this transaction.
-- $1 p1 text
-- $2 p2 text
-- $3 p3 text
-- $4 p4 text
-- $5 p5 text
-- $6 p6 text
-- -> columns
SELECT set_config('promo.p1', coalesce($1::text, ''), true),
	set_config('promo.p2', coalesce($2::text, ''), true),
	set_config('promo.p3', coalesce($3::text, ''), true),
	set_config('promo.p4', coalesce($4::text, ''), true),
	set_config('promo.p5', coalesce($5::text, ''), true),
	set_config('promo.p6', coalesce($6::text, ''), true);
