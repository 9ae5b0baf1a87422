-- The codes of one chunk, sorted, as binary COPY.
COPY promo_codes (id, code, batch_id, serial, amount) FROM STDIN (FORMAT binary);
