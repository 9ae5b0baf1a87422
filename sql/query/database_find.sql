-- Whether the embedded server has the database already.
-- -> truth
SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'promo') AS yes
