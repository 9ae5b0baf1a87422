-- Puts one database in the place of another, which is kept under a third name; both at once.
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RENAME TO %I', current_setting('promo.old'),
	current_setting('promo.kept')); EXECUTE format('ALTER DATABASE %I RENAME TO %I',
	current_setting('promo.new'), current_setting('promo.old')); END $$
