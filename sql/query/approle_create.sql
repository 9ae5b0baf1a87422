-- The role that the daemon works as, or is a member of; sql/schema/0005_rights.sql says its rights.
CREATE ROLE promo_app NOLOGIN
