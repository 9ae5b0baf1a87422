-- Keeps a batch from being deleted before the end of the transaction: what the foreign key of each of
-- its new codes would do.
-- $1 id uuid
-- -> id
SELECT id FROM batches WHERE id = $1::uuid FOR KEY SHARE;
