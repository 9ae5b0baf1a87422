-- Names two databases for database_swap, in this session.
-- $1 old text
-- $2 kept text
-- $3 new text
-- -> truth
SELECT set_config('promo.old', $1::text, false) = $1::text
	AND set_config('promo.kept', $2::text, false) = $2::text
	AND set_config('promo.new', $3::text, false) = $3::text AS yes
