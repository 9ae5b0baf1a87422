-- Whether the role of the loader exists.
-- -> truth
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'promo_loader') AS yes
