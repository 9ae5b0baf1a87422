-- A picture of the shop as a PNG, in hex.
-- $1 name text
-- -> columns
SELECT encode(png, 'hex') AS png FROM branding_images WHERE name = $1::text;
