-- A picture of the shop as it is printed: its size, and its pixels in hex.
-- $1 name text
-- -> columns
SELECT width::text AS width, height::text AS height, encode(pixels, 'hex') AS pixels
FROM branding_images WHERE name = $1::text;
