-- The codes of one chunk of an import, sorted, as binary COPY.
COPY promo_codes (id, code, batch_id, serial, amount, status, expires_at, blocked_at, metadata)
FROM STDIN (FORMAT binary);
