-- The database of an embedded server.
CREATE DATABASE promo
