-- Whether the role of the application exists (it belongs to the whole server).
-- -> truth
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'promo_app') AS yes
