-- SPDX-License-Identifier: MIT
-- For bench/streams: for each row of `made` (n, hash of a token) a user who may hear of all redemptions, signed in.
INSERT INTO users (id, first_name, last_name, email, password_hash)
SELECT ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Stream', 'of events',
	'stream' || n || '@promo.example', '' FROM made;
INSERT INTO user_permissions (user_id, permission_id, granted)
SELECT ('01900000-0000-7000-8000-' || lpad(m.n::text, 12, '0'))::uuid, p.id, true
FROM made m CROSS JOIN permissions p WHERE p.key = 'redemptions.read';
INSERT INTO sessions (id, user_id, token_hash, expires_at)
SELECT gen_random_uuid(), ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, decode(hash, 'hex'),
	now() + interval '1 day' FROM made;
