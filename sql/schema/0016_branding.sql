-- Pictures of the shop, as what is left of them: pixels to be printed, and a PNG of these pixels for
-- whoever asks. What was sent is not kept, so that nobody ever has to decode it again.
CREATE TABLE branding_images (
	name text CONSTRAINT branding_images_pkey PRIMARY KEY
		CONSTRAINT branding_images_name_check CHECK (name IN ('logo', 'favicon')),
	width integer NOT NULL,
	height integer NOT NULL,
	pixels bytea NOT NULL, -- red, green, blue, opacity, in rows from the top
	png bytea NOT NULL CONSTRAINT branding_images_png_check
		CHECK (octet_length(png) BETWEEN 1 AND 4194304),
	updated_by uuid CONSTRAINT branding_images_updated_by_fkey REFERENCES users (id),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT branding_images_size_check
		CHECK (width BETWEEN 1 AND 640 AND height BETWEEN 1 AND 640
			AND octet_length(pixels) = width * height * 4)
);
ALTER TABLE branding_images ALTER COLUMN png SET STORAGE EXTERNAL;
GRANT SELECT, INSERT, UPDATE, DELETE ON branding_images TO promo_app;
