-- Puts a picture of the shop in the place of the one before.
-- $1 name text
-- $2 width integer
-- $3 height integer
-- $4 pixels bytea
-- $5 png bytea
-- $6 user_id uuid
INSERT INTO branding_images (name, width, height, pixels, png, updated_by)
VALUES ($1::text, $2::integer, $3::integer, $4::bytea, $5::bytea, $6::uuid)
ON CONFLICT (name) DO UPDATE SET width = excluded.width, height = excluded.height,
	pixels = excluded.pixels, png = excluded.png, updated_by = excluded.updated_by,
	updated_at = now();
