-- Orders of lists beside the newest first, which is by id (api/op_user.c, api/op_batch.c).
CREATE INDEX users_last_name_idx ON users (lower(last_name), id);
CREATE INDEX users_email_order_idx ON users (coalesce(email, ''), id);
CREATE INDEX batches_expires_on_idx ON batches (expires_on, id);
